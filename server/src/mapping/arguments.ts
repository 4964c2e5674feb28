/** An image tells which build arguments it was built with: in the entries of its ARGs, and before the command of every RUN. */
import { runEnding } from '../build/created-by.ts';
import type { Step } from '../build/plan.ts';
import type { Image } from '../image/image.ts';
import type { Expected } from './history.ts';

/** Values of arguments as the history has them; of an ARG that is not in its place only what every matching entry agrees on. */
export function argumentsInHistory(expected: readonly Expected[], image: Image): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const offset = image.history.length - expected.length;
  for (const [at, { step }] of expected.entries()) {
    const inPlace = image.history[offset + at]?.createdBy;
    for (const [name, value] of argumentsOf(step, inPlace, image)) {
      values.set(name, value);
    }
  }
  return values;
}

type NamedValues = readonly (readonly [string, string])[];

/** BuildKit before 0.14 wrote the text's default into the entry of an ARG; what a RUN shows has always been in effect. */
function argumentsOf(step: Step, inPlace: string | undefined, image: Image): NamedValues {
  const { instruction } = step;
  switch (instruction.keyword) {
    case 'ARG': {
      const names = instruction.pairs.map((pair) => pair.name.text);
      const anywhere = () => onlyOne(image.history.flatMap((entry) => ofArg(entry.createdBy, names) ?? []));
      return ofArg(inPlace, names) ?? anywhere() ?? [];
    }
    case 'RUN':
      return ofRun(inPlace, runEnding(instruction, step.before), step);
    default:
      return [];
  }
}

/** `ARG A=1 B C=x y`, with the names known; undefined where the text is not of these arguments. */
function ofArg(text: string | undefined, names: readonly string[]): NamedValues | undefined {
  const pattern = names.map((name) => `${escapeForPattern(name)}(?:=([^]*?))?`).join(' ');
  return text === undefined ? undefined : named(new RegExp(`^ARG ${pattern}$`).exec(text), names);
}

/** `RUN |2 A=1 B=x y /bin/sh -c …`: values of variables, so those that ENV has set since say nothing of the argument. */
function ofRun(text: string | undefined, ending: string, { before }: Step): NamedValues {
  const names = [...before.declaredArgs];
  const start = `RUN |${names.length} `;
  if (text === undefined || names.length === 0 || !text.startsWith(start) || !text.endsWith(ending)) {
    return [];
  }
  const pattern = names.map((name) => `${escapeForPattern(name)}=([^]*?)`).join(' ');
  const found = named(new RegExp(`^${pattern}$`).exec(text.slice(start.length, -ending.length)), names) ?? [];
  return found.filter(([name, value]) =>
    before.variables.has(name) ? before.variables.get(name) === before.argValues.get(name) : value !== '',
  );
}

function named(match: RegExpExecArray | null, names: readonly string[]): NamedValues | undefined {
  return match
    ? names.flatMap((name, at) => (match[at + 1] === undefined ? [] : [[name, match[at + 1]!] as const]))
    : undefined;
}

function onlyOne(found: readonly (readonly [string, string])[]): NamedValues | undefined {
  const texts = new Set(found.map((pair) => pair.join('=')));
  const names = new Set(found.map(([name]) => name));
  return texts.size === names.size ? found : undefined;
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
