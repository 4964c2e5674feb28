/** An image tells which build arguments it was built with: every ARG leaves an entry with its effective value. */
import type { Image } from '../image/image.ts';
import type { Expected } from './history.ts';

/** Values of arguments as the history has them; only those that every matching entry agrees on. */
export function argumentsInHistory(expected: readonly Expected[], image: Image): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const offset = image.history.length - expected.length;
  for (const [at, { step }] of expected.entries()) {
    if (step.instruction.keyword !== 'ARG') {
      continue;
    }
    const names = step.instruction.pairs.map((pair) => pair.name.text);
    const inPlace = readArguments(image.history[offset + at]?.createdBy, names);
    const found = inPlace ?? onlyOne(image.history.flatMap((entry) => readArguments(entry.createdBy, names) ?? []));
    for (const [name, value] of found ?? []) {
      values.set(name, value);
    }
  }
  return values;
}

type NamedValues = readonly (readonly [string, string])[];

/** `ARG A=1 B C=x y`, with the names known; undefined where the text is not of these arguments. */
function readArguments(text: string | undefined, names: readonly string[]): NamedValues | undefined {
  const pattern = names.map((name) => `${escapeForPattern(name)}(?:=([^]*?))?`).join(' ');
  const match = text === undefined ? undefined : new RegExp(`^ARG ${pattern}$`).exec(text);
  if (!match) {
    return undefined;
  }
  return names.flatMap((name, at) => {
    const value = match[at + 1];
    return value === undefined ? [] : [[name, value] as const];
  });
}

function onlyOne(found: readonly (readonly [string, string])[]): NamedValues | undefined {
  const texts = new Set(found.map((pair) => pair.join('=')));
  const names = new Set(found.map(([name]) => name));
  return texts.size === names.size ? found : undefined;
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
