/** A copy of the text, equally long, in which all that dockerfile-ast would read otherwise than BuildKit is overwritten. */
import type { Span } from '../text/span.ts';
import { isSpace } from './characters.ts';
import { endOfLine } from './physical-lines.ts';
import type { PhysicalLines } from './physical-lines.ts';
import type { Scan, ScannedInstruction } from './scan.ts';

export function maskText(scan: Scan): string {
  const { lines } = scan;
  const { text } = lines;
  const cuts: Cut[] = [
    ...strangeBlanks(lines),
    ...ignoredDirectives(text, scan),
    ...scan.instructions.flatMap((instruction) => [...wordsOf(instruction), ...heredocBodies(instruction)]),
  ];
  cuts.sort((a, b) => a.start - b.start);
  const parts: string[] = [];
  let copied = 0;
  for (const cut of cuts) {
    if (cut.start >= copied) {
      parts.push(text.slice(copied, cut.start), filled(cut, text));
      copied = cut.end;
    }
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

interface Cut extends Span {
  /** What stands there instead; of `word` only the first letter is left to see. Line ends stay. */
  readonly by: ' ' | 'x' | 'word';
}

function filled({ start, end, by }: Cut, text: string): string {
  return by === 'word' ? `x${' '.repeat(end - start - 1)}` : text.slice(start, end).replace(/[^\n]/g, by);
}

/** Byte order mark, carriage returns that end no line, and at the start of a line what only Go calls a space. */
function strangeBlanks({ text, starts, count }: PhysicalLines): Cut[] {
  const cuts: Cut[] = [];
  if (text.startsWith('\ufeff')) {
    cuts.push({ start: 0, end: 1, by: ' ' });
  }
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
    if (text[at + 1] !== '\n') {
      cuts.push({ start: at, end: at + 1, by: ' ' });
    }
  }
  for (let line = 0; line < count; line++) {
    let at = starts[line]!;
    const end = endOfLine({ text, starts }, line);
    for (; at < end && isSpace(text.charCodeAt(at)); at++) {
      if (text[at] !== ' ' && text[at] !== '\t' && text[at] !== '\r') {
        cuts.push({ start: at, end: at + 1, by: ' ' });
      }
    }
  }
  return cuts;
}

/** Comments above the first instruction that only look like directives lose their `=`. */
function ignoredDirectives(text: string, { comments, directives, instructions }: Scan): Cut[] {
  const top = instructions[0]?.span.start ?? text.length;
  const honoured = new Set(directives.map(({ span }) => span.start));
  const cuts: Cut[] = [];
  for (const { start, end } of comments) {
    if (start > top) {
      break;
    }
    const equals = text.indexOf('=', start);
    if (!honoured.has(start) && equals !== -1 && equals < end) {
      cuts.push({ start: equals, end: equals + 1, by: 'x' });
    }
  }
  return cuts;
}

/**
 * All text behind the keyword but for one letter on each line: it holds what misleads, and reading it once more costs more
 * time than all the rest. A line without any letter would end the instruction.
 */
function wordsOf({ line }: ScannedInstruction): Cut[] {
  const keywordEnd = /\s|$/.exec(line.text)!.index;
  const cuts: Cut[] = [];
  for (const [index, { at, offset }] of line.segments.entries()) {
    const end = line.segments[index + 1]?.at ?? line.text.length;
    let first = Math.max(at, keywordEnd);
    while (first < end && isSpace(line.text.charCodeAt(first))) {
      first++;
    }
    if (first < end) {
      cuts.push({ start: offset + first - at, end: offset + end - at, by: 'word' });
    }
  }
  return cuts;
}

/** With the lines that end them. */
function heredocBodies({ heredocs, span }: ScannedInstruction): Cut[] {
  const first = heredocs[0];
  return first === undefined || first.body.start >= span.end
    ? []
    : [{ start: first.body.start, end: span.end, by: ' ' }];
}
