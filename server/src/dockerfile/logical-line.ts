/** The text of one instruction with its continuations joined, and the way back from it to the document. */
import type { Span } from '../text/span.ts';

export interface LogicalLine {
  readonly text: string;
  /** One for each physical line that gave text, in order. */
  readonly segments: readonly Segment[];
}

/** From index `at` of the joined text on, characters stand in the document from `offset` on. */
export interface Segment {
  readonly at: number;
  readonly offset: number;
}

/** Part of a logical line: `text` begins at index `at` of it. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** Where `[start, end)` of the joined text stands in the document; continuations in between are included. */
export function spanOf(line: LogicalLine, start: number, end: number): Span {
  const first = offsetOf(line, start);
  return end > start ? { start: first, end: offsetOf(line, end - 1) + 1 } : { start: first, end: first };
}

/** The end of the joined text belongs to the last segment. */
export function offsetOf(line: LogicalLine, index: number): number {
  let low = 0;
  let high = line.segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (line.segments[middle]!.at <= index) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const segment = line.segments[low]!;
  return segment.offset + (index - segment.at);
}
