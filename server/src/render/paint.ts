/** Colours of the terminal. They only repeat what words and signs say already. */

export type Tone = 'plain' | 'quiet' | 'strong' | 'bar' | 'stale' | 'error' | 'warning' | 'note';

export type Painter = (tone: Tone, text: string) => string;

/** For files, pipes, and people who asked for no colour. */
export function noPaint(_tone: Tone, text: string): string {
  return text;
}

/** The sixteen colours every terminal has, so that its theme decides how they look. */
export function ansiPaint(tone: Tone, text: string): string {
  const [on, off] = codes[tone];
  return tone === 'plain' || text.trim() === '' ? text : `\u001b[${on}m${text}\u001b[${off}m`;
}

const codes: Record<Tone, readonly [number, number]> = {
  plain: [0, 0],
  quiet: [2, 22],
  strong: [1, 22],
  bar: [36, 39],
  stale: [33, 39],
  error: [31, 39],
  warning: [33, 39],
  note: [34, 39],
};
