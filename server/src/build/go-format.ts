/** Go's ways of writing values, because BuildKit writes history entries with them. */

/** `%q` of a list: `["a" "b\n"]`. */
export function quoteList(values: readonly string[]): string {
  return `[${values.map(quote).join(' ')}]`;
}

/** `%v` of a list: `[a b]`. */
export function plainList(values: readonly string[]): string {
  return `[${values.join(' ')}]`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** `%q` of a string: printable characters stay, control characters are escaped. */
export function quote(text: string): string {
  let result = '"';
  for (const character of text) {
    result += escapes[character] ?? printable(character);
  }
  return `${result}"`;
}

function printable(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) {
    return `\\x${code.toString(16).padStart(2, '0')}`;
  }
  // Go keeps letters, marks, numbers, punctuation, symbols and the ASCII blank; all else is escaped.
  if (code < 0x7f || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) {
    return character;
  }
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** As Go's Duration.String writes it: `1m30s`, `1.5s`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) {
    return '0s';
  }
  const sign = nanoseconds < 0 ? '-' : '';
  const size = Math.abs(nanoseconds);
  if (size < 1e9) {
    const [unit, scale] =
      size < 1e3 ? (['ns', 1] as const) : size < 1e6 ? (['µs', 1e3] as const) : (['ms', 1e6] as const);
    return `${sign}${size / scale}${unit}`;
  }
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor((size % 3600e9) / 60e9);
  const seconds = Math.round(size % 60e9) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
