/** Options of the command line: what each is called and means, and the reading of them. Help and README are made from the same table. */
import { parseArgs } from 'node:util';
import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

export interface Option {
  readonly short?: string;
  /** The word for its value in the help; undefined: a switch. */
  readonly value?: string;
  readonly repeated?: boolean;
  /** Another spelling, not worth a line of its own. */
  readonly alias?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

export interface Given {
  /** Every value of an option, in order; a switch has none. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/** Throws UsageError. `command` is named in what it says. */
export function readOptions(args: readonly string[], options: Options, command: string): Given {
  const names = spellings(options);
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries([...names].map(([name, option]) => [name, parserOption(option)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, readonly string[]>();
  for (const token of tokens) {
    if (token.kind === 'option') {
      const option = names.get(token.name);
      if (!option) {
        throw unknownOption(token.rawName, [...names.keys()], command);
      }
      const name = canonical(token.name, options);
      checkValue(token.rawName, token.value, token.inlineValue === true, option, command);
      if (values.has(name) && option.value !== undefined && option.repeated !== true) {
        throw new UsageError(`${token.rawName} is given twice`, 'Give it once.');
      }
      values.set(name, [...(values.get(name) ?? []), ...(token.value === undefined ? [] : [token.value])]);
    }
  }
  return { values, positionals };
}

/** The last line of most answers to a mistake. */
export function seeHelp(command: string): string {
  return `See layer-lens ${command} --help.`;
}

function parserOption(option: Option): { type: 'string' | 'boolean'; multiple: true; short?: string } {
  return {
    type: option.value === undefined ? 'boolean' : 'string',
    multiple: true,
    ...(option.short === undefined ? {} : { short: option.short }),
  };
}

function spellings(options: Options): ReadonlyMap<string, Option> {
  return new Map(
    Object.entries(options).flatMap(([name, option]) => {
      // A short letter belongs to one spelling only.
      const { short: _, ...longOnly } = option;
      return option.alias === undefined
        ? [[name, option] as const]
        : [[name, option] as const, [option.alias, longOnly] as const];
    }),
  );
}

function canonical(name: string, options: Options): string {
  return name in options ? name : (Object.entries(options).find(([, { alias }]) => alias === name)?.[0] ?? name);
}

function checkValue(
  written: string,
  value: string | undefined,
  inline: boolean,
  option: Option,
  command: string,
): void {
  if (option.value === undefined) {
    if (value !== undefined) {
      throw new UsageError(`${written} takes no value`, seeHelp(command));
    }
    return;
  }
  // `--image --target x` is a forgotten value; `-f -` means standard input.
  if (value === undefined || value === '' || (!inline && value.startsWith('-') && value !== '-')) {
    throw new UsageError(`${written} needs a value: ${written} ${option.value}`, seeHelp(command));
  }
  if (option.choices && !option.choices.includes(value)) {
    const meant = nearest(value, option.choices);
    throw new UsageError(
      `${written} cannot be "${value}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
      `It is one of ${option.choices.join(', ')}.`,
    );
  }
}

function unknownOption(written: string, names: readonly string[], command: string): UsageError {
  const meant = nearest(written.replace(/^-+/, ''), names);
  return new UsageError(
    `unknown option ${written}${meant === undefined ? '' : `; did you mean --${meant}?`}`,
    seeHelp(command),
  );
}
