/** Fixtures mark spans with `«»`; an empty pair is a cursor. */
import type { Span } from '../../server/src/text/span.ts';

export interface Marked {
  readonly text: string;
  readonly spans: readonly Span[];
}

export function readMarks(marked: string): Marked {
  let text = '';
  const open: number[] = [];
  const spans: Span[] = [];
  for (const character of marked) {
    if (character === '«') {
      open.push(text.length);
    } else if (character === '»') {
      spans.push({ start: open.pop()!, end: text.length });
    } else {
      text += character;
    }
  }
  return { text, spans: spans.toSorted((a, b) => a.start - b.start) };
}

export function writeMarks(text: string, spans: readonly Span[]): string {
  const marks = spans.flatMap(({ start, end }) => [
    { at: start, mark: '«', order: 1 },
    { at: end, mark: '»', order: 0 },
  ]);
  let result = text;
  for (const { at, mark } of marks.toSorted((a, b) => b.at - a.at || b.order - a.order)) {
    result = result.slice(0, at) + mark + result.slice(at);
  }
  return result;
}
