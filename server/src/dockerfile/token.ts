/** A part of a text that was read. */

/** `[start, end)` are indexes into that text. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function token(text: string, start: number, end: number): Token {
  return { text: text.slice(start, end), start, end };
}
