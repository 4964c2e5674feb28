/** The JSON form of an instruction's arguments, `["a", "b"]`, where Go's decoder would take it. */
import type { Token } from './token.ts';

export type JsonForm =
  | { readonly kind: 'strings'; readonly strings: readonly Token[] }
  /** An array with something else than strings in it: BuildKit refuses it. */
  | { readonly kind: 'not-strings' }
  | { readonly kind: 'not-json' };

/** The whole text must be one JSON array; tokens span the quotes. */
export function readJson(text: string): JsonForm {
  if (!text.startsWith('[')) {
    return { kind: 'not-json' };
  }
  const values = parseArray(text);
  if (values === undefined) {
    return { kind: 'not-json' };
  }
  const strings: Token[] = [];
  let at = 0;
  for (const value of values) {
    if (typeof value !== 'string') {
      return goRefuses(values) ? { kind: 'not-json' } : { kind: 'not-strings' };
    }
    const start = text.indexOf('"', at);
    at = endOfString(text, start);
    strings.push({ text: wellFormed(value), start, end: at });
  }
  return { kind: 'strings', strings };
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Go's decoder has two limits that JavaScript's has not: 10,000 levels, and numbers within a float64. */
function goRefuses(values: readonly unknown[]): boolean {
  const open: { readonly values: readonly unknown[]; readonly depth: number }[] = [{ values, depth: 1 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (item.depth > 10_000) {
      return true;
    }
    for (const value of item.values) {
      if (value === Infinity || value === -Infinity) {
        return true;
      }
      if (typeof value === 'object' && value !== null) {
        open.push({ values: Object.values(value), depth: item.depth + 1 });
      }
    }
  }
  return false;
}

/** The index after the closing quote of the JSON string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

/** Go writes U+FFFD for half of a surrogate pair. */
function wellFormed(text: string): string {
  return /\\u[dD][89a-fA-F]|[\ud800-\udfff]/.test(text)
    ? text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    : text;
}
