/** The flags of an instruction as BuildKit's instruction reader checks them, before any variable is expanded. */
import type { Span } from '../text/span.ts';
import type { Flag, Instruction } from './dockerfile.ts';
import { readDuration } from './duration.ts';
import { FLAGS, nearest } from './keywords.ts';
import type { FlagType } from './keywords.ts';
import { readFields } from './fields.ts';

/** Says what is refused; where that only shows in a later build, it says so. */
export type Refuse = (span: Span, message: string) => void;

export function checkFlags(instruction: Instruction, refuse: Refuse): void {
  const { keyword, flags } = instruction;
  if (flags.length === 0 || neverLooksAtFlags(instruction) || keyword === 'UNKNOWN') {
    return;
  }
  const known = FLAGS[keyword] ?? {};
  const seen = new Set<string>();
  for (const flag of flags) {
    const type = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (type === undefined) {
      refuse(flag.span, unknownFlag(keyword, flag, Object.keys(known)));
      continue;
    }
    if (seen.has(flag.name) && type !== 'list') {
      refuse(flag.span, `--${flag.name} can be given only once here. Remove one of the two.`);
      continue;
    }
    seen.add(flag.name);
    if (checkForm(flag, type, refuse)) {
      checkValue(instruction, flag, refuse);
    }
  }
}

/** ARG, STOPSIGNAL and HEALTHCHECK NONE take any flag and do nothing with it. */
function neverLooksAtFlags(instruction: Instruction): boolean {
  return (
    instruction.keyword === 'ARG' ||
    instruction.keyword === 'STOPSIGNAL' ||
    (instruction.keyword === 'HEALTHCHECK' && instruction.args[0]?.text.toUpperCase() === 'NONE')
  );
}

function unknownFlag(keyword: string, flag: Flag, known: readonly string[]): string {
  const meant = nearest(flag.name, known);
  const name = flag.name.length > 40 ? `${flag.name.slice(0, 40)}…` : flag.name;
  if (meant !== undefined) {
    return `${keyword} has no flag --${name}. --${meant} is close to it.`;
  }
  if (known.length === 0) {
    return `${keyword} takes no flags. If --${name} belongs to the command, it cannot stand first.`;
  }
  return `${keyword} has no flag --${name}. It takes ${known.map((each) => `--${each}`).join(', ')}.`;
}

/** True where the value may be looked at. */
function checkForm(flag: Flag, type: FlagType, refuse: Refuse): boolean {
  if (type === 'switch') {
    if (flag.value !== undefined && !/^(true|false)$/i.test(flag.value)) {
      refuse(
        flag.span,
        `--${flag.name} is true or false, not “${flag.value}”. Write --${flag.name}, or --${flag.name}=false.`,
      );
    }
    return false;
  }
  if (flag.value === undefined) {
    refuse(flag.span, `--${flag.name} needs a value: --${flag.name}=….`);
    return false;
  }
  return true;
}

function checkValue(instruction: Instruction, flag: Flag, refuse: Refuse): void {
  const value = flag.value ?? '';
  switch (instruction.keyword) {
    case 'RUN':
      return checkRunFlag(flag, value, refuse);
    case 'HEALTHCHECK':
      return flag.name === 'retries' ? checkRetries(flag, value, refuse) : checkInterval(flag, value, refuse);
    default:
      return;
  }
}

function checkRunFlag(flag: Flag, value: string, refuse: Refuse): void {
  switch (flag.name) {
    case 'network':
      if (value !== 'default' && value !== 'none' && value !== 'host') {
        refuse(flag.span, `--network is default, none or host, not “${value}”.`);
      }
      return;
    case 'security':
      if (value !== 'sandbox' && value !== 'insecure') {
        refuse(flag.span, `--security is sandbox or insecure, not “${value}”.`);
      }
      return;
    case 'mount':
      return checkMount(flag, value, refuse);
    case 'device':
      return checkDevice(flag, value, refuse);
  }
}

/** All other options may hold variables and are looked at later. */
function checkMount(flag: Flag, value: string, refuse: Refuse): void {
  const fields = readFields(value);
  if (fields === undefined) {
    return refuse(
      flag.span,
      value === '' ? '--mount needs options, such as --mount=type=cache,target=/root/.cache.' : brokenFields('mount'),
    );
  }
  for (const field of fields) {
    const match = /^from=(.*)$/is.exec(field);
    const dollar = match?.[1]!.indexOf('$') ?? -1;
    if (match !== null && dollar !== -1 && dollar !== match[1]!.length - 1) {
      refuse(
        flag.span,
        '“from” of a mount takes no variables. Make a stage of the image: FROM image AS name before this stage, and from=name here.',
      );
    }
  }
}

function checkDevice(flag: Flag, value: string, refuse: Refuse): void {
  const fields = readFields(value);
  if (fields === undefined) {
    return refuse(flag.span, value === '' ? '--device needs a device name.' : brokenFields('device'));
  }
  let named = false;
  for (const field of fields) {
    const equals = field.indexOf('=');
    const name = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    if (name === 'required') {
      if (equals !== -1 && !/^(1|0|t|f|T|F|true|false|True|False|TRUE|FALSE)$/.test(field.slice(equals + 1))) {
        refuse(flag.span, `“required” of a device is true or false, not “${field.slice(equals + 1)}”.`);
      }
    } else if (named) {
      refuse(flag.span, `A device has one name, and “${field}” is a second one.`);
    } else {
      named = equals === -1 ? field !== '' : name !== 'name' || field.length > equals + 1;
    }
  }
}

function brokenFields(name: string): string {
  return `The options of --${name} are fields with commas between them; a double quote must open a field and close it.`;
}

function checkInterval(flag: Flag, value: string, refuse: Refuse): void {
  if (value === '') {
    return;
  }
  const nanoseconds = readDuration(value);
  if (nanoseconds === undefined) {
    refuse(flag.span, `“${value}” is no duration. Write a number with a unit: 30s, 1m30s, 500ms.`);
  } else if (nanoseconds !== 0 && nanoseconds < 1_000_000) {
    refuse(flag.span, `--${flag.name} must be at least 1ms, or 0 for the default.`);
  }
}

function checkRetries(flag: Flag, value: string, refuse: Refuse): void {
  if (value === '') {
    return;
  }
  const count = /^[+-]?[0-9]+$/.test(value) ? Number(value) : undefined;
  if (count === undefined || count < 0 || count > 2_147_483_647) {
    refuse(flag.span, `--retries is a whole number that is not negative, not “${value}”.`);
  }
}
