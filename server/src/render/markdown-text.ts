/** Text made safe for Markdown: an image path or a Dockerfile word must never become markup. */
import { harmless } from './screen-text.ts';

export type Align = 'left' | 'right';

export function escape(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>#!~&]/g, String.raw`\$&`);
}

/** A code span, fenced by more backticks than the text holds. */
export function code(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const padding = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Cells are Markdown already; a bar would end one even inside a code span. */
export function table(
  header: readonly string[],
  align: readonly Align[],
  rows: readonly (readonly string[])[],
): string {
  const rule = align.map((side) => (side === 'right' ? '---:' : ':---'));
  return [header, rule, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
    .join('\n');
}

function oneLine(text: string): string {
  return harmless(text.replace(/[\r\n]+/g, ' ').replaceAll('\t', ' '));
}
