/** What dockerfile-ast reads in a text, wherever our scan agrees with it on where things stand. */
import { DockerfileParser } from 'dockerfile-ast';
import { offsetAt } from '../text/lines.ts';
import type { Position } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { maskText } from './mask.ts';
import type { PhysicalLines } from './physical-lines.ts';
import type { Scan } from './scan.ts';

/** dockerfile-ast takes quadratic time for long lines and for comments in files of many stages; nobody writes such files by hand. */
const LONGEST_TEXT = 200_000;
const LONGEST_INSTRUCTION = 20_000;
const MOST_LINES = 3_000;
const MOST_COMMENTS_BY_STAGES = 100_000;

/** Every comment in order. The scan knows which lines are comments, dockerfile-ast where their text begins and ends. */
export function readComments(scan: Scan): readonly Span[] {
  const { lines } = scan;
  if (scan.comments.length === 0 || isTooLong(scan)) {
    return scan.comments;
  }
  const parsed = DockerfileParser.parse(maskText(scan));
  const ends = new Map<number, Span>();
  for (const comment of parsed.getComments()) {
    const span = spanOfRange(lines, comment.getRange());
    ends.set(span.start, span);
  }
  return scan.comments.map((comment) => ends.get(comment.start) ?? comment);
}

function isTooLong({ lines, comments, instructions }: Scan): boolean {
  return (
    lines.text.length > LONGEST_TEXT ||
    lines.count > MOST_LINES ||
    comments.length * stageCount(instructions) > MOST_COMMENTS_BY_STAGES ||
    instructions.some(({ line }) => line.text.length > LONGEST_INSTRUCTION)
  );
}

function stageCount(instructions: Scan['instructions']): number {
  return instructions.filter(({ line }) => /^from[\t ]/i.test(line.text)).length;
}

function spanOfRange(lines: PhysicalLines, { start, end }: { readonly start: Position; readonly end: Position }): Span {
  const table = { starts: lines.starts, length: lines.text.length };
  return { start: offsetAt(table, start), end: offsetAt(table, end) };
}
