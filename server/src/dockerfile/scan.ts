/** From the text to its instructions: directives, comments, continuations and heredocs, as BuildKit's parser draws the lines. */
import type { LineRange } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { skipSpaces, trimSpacesEnd, utf8Length } from './characters.ts';
import { readDirective } from './directive.ts';
import type { Directive, Heredoc, Problem } from './dockerfile.ts';
import { readBodies } from './heredoc-bodies.ts';
import type { LogicalLine, Segment } from './logical-line.ts';
import { endOfLine, physicalLines } from './physical-lines.ts';
import type { PhysicalLines } from './physical-lines.ts';

export interface Scan {
  readonly lines: PhysicalLines;
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly comments: readonly Span[];
  readonly instructions: readonly ScannedInstruction[];
  readonly problems: readonly Problem[];
}

export interface ScannedInstruction {
  readonly line: LogicalLine;
  /** Where the first line's text begins, and where the last line's text ends. */
  readonly span: Span;
  readonly lines: LineRange;
  readonly heredocs: readonly Heredoc[];
}

/** BuildKit reads no line beyond this many bytes, its `\n` not counted. */
const LONGEST_LINE = 65_535;

interface ScanState {
  readonly lines: PhysicalLines;
  /** The next physical line to read. */
  next: number;
  escape: '\\' | '`';
  readonly directives: Directive[];
  directivesAllowed: boolean;
  readonly comments: Span[];
  readonly instructions: ScannedInstruction[];
  readonly problems: Problem[];
}

export function scan(text: string): Scan {
  const lines = physicalLines(text);
  const state: ScanState = {
    lines,
    next: 0,
    escape: '\\',
    directives: [],
    directivesAllowed: true,
    comments: [],
    instructions: [],
    problems: [],
  };
  reportLongLines(state);
  while (state.next < lines.count) {
    scanLine(state);
  }
  const { directives, escape, comments, instructions, problems } = state;
  return { lines, directives, escape, comments, instructions, problems };
}

function reportLongLines({ lines, problems }: ScanState): void {
  for (let line = 0; line < lines.count; line++) {
    const start = lines.starts[line]!;
    const next = lines.starts[line + 1];
    const end = next === undefined ? lines.text.length : next - 1;
    // A UTF-16 unit is three bytes at most.
    if ((end - start) * 3 <= LONGEST_LINE) {
      continue;
    }
    const bytes = utf8Length(lines.text, start, end);
    if (bytes > LONGEST_LINE) {
      problems.push({
        kind: 'parse',
        severity: 'error',
        span: { start, end: Math.min(end, start + 80) },
        message: `This line has ${bytes} bytes; BuildKit reads no line of more than ${LONGEST_LINE}. Split it with “\\” at line ends, or COPY the content from a file.`,
      });
    }
  }
}

/** A line outside any instruction: blank, comment, directive, or the first of an instruction. */
function scanLine(state: ScanState): void {
  const { lines } = state;
  const { text } = lines;
  const line = state.next++;
  const end = endOfLine(lines, line);
  const lineStart = lines.starts[line]!;
  const hasMark = line === 0 && text.charCodeAt(0) === 0xfeff;
  const start = skipSpaces(text, hasMark ? 1 : lineStart, end);
  const isComment = start < end && text[start] === '#';
  if (state.directivesAllowed && scanDirective(state, { start, end })) {
    return;
  }
  if (isComment) {
    state.comments.push({ start, end });
  } else if (start < end) {
    scanInstruction(state, line, start, end);
  }
}

/** True where the line is one that BuildKit honours. */
function scanDirective(state: ScanState, span: Span): boolean {
  const result = readDirective(state.lines.text, span, state.directives);
  switch (result.kind) {
    case 'none':
      state.directivesAllowed = false;
      return false;
    case 'refused':
      state.problems.push(result.problem);
      return false;
    case 'directive':
      state.directives.push(result.directive);
      if (result.directive.name === 'escape') {
        state.escape = result.directive.value === '`' ? '`' : '\\';
      }
      return true;
  }
}

function scanInstruction(state: ScanState, first: number, start: number, end: number): void {
  const joined = joinLines(state, start, end);
  const { heredocs, problems, end: bodiesEnd, next } = readBodies(state.lines, joined.line, state.escape, state.next);
  state.next = next;
  for (const problem of problems) {
    state.problems.push(problem);
  }
  state.instructions.push({
    line: joined.line,
    span: { start, end: bodiesEnd ?? joined.end },
    lines: { start: first, end: next - 1 },
    heredocs,
  });
}

interface Joined {
  readonly line: LogicalLine;
  /** Behind the last text, its continuation character included. */
  readonly end: number;
}

/** Reads on for as long as lines end in the escape character; comments and blank lines in between vanish. */
function joinLines(state: ScanState, start: number, firstEnd: number): Joined {
  const { lines, escape } = state;
  const { text } = lines;
  const segments: Segment[] = [];
  const blankLines: Span[] = [];
  let joined = '';
  let from = start;
  let to = firstEnd;
  for (;;) {
    const cut = continuationAt(text, from, to, escape);
    segments.push({ at: joined.length, offset: from });
    // What lies beyond is refused anyway, and need not cost time.
    joined += text.slice(from, Math.min(cut ?? to, from + LONGEST_LINE));
    if (cut === undefined) {
      for (const span of blankLines) {
        state.problems.push(emptyContinuation(span, escape));
      }
      return { line: { text: joined, segments }, end: trimSpacesEnd(text, from, to) };
    }
    const following = nextText(state, blankLines);
    if (following === undefined) {
      // The blank lines below a last line that goes on are not worth a word: the text just ends.
      return { line: { text: joined, segments }, end: cut + 1 };
    }
    from = following.start;
    to = following.end;
  }
}

/** The next line inside a continuation that is neither blank nor a comment. */
function nextText(state: ScanState, blankLines: Span[]): Span | undefined {
  const { lines } = state;
  while (state.next < lines.count) {
    const start = lines.starts[state.next]!;
    const end = endOfLine(lines, state.next);
    const content = skipSpaces(lines.text, start, end);
    state.next++;
    if (content === end) {
      blankLines.push({ start, end });
    } else if (lines.text[content] === '#') {
      state.comments.push({ start: content, end });
    } else {
      return { start, end };
    }
  }
  return undefined;
}

/** Where the escape character stands that makes the line go on: last but blanks, and not itself escaped. */
export function continuationAt(text: string, start: number, end: number, escape: string): number | undefined {
  let at = end;
  while (at > start && (text.charCodeAt(at - 1) === 0x20 || text.charCodeAt(at - 1) === 0x09)) {
    at--;
  }
  at--;
  if (at < start || text[at] !== escape || (at > start && text[at - 1] === escape)) {
    return undefined;
  }
  return at;
}

function emptyContinuation(span: Span, escape: string): Problem {
  return {
    kind: 'build',
    severity: 'warning',
    span,
    message: `An empty line inside an instruction that goes on with ${escape}: BuildKit skips it today and says it will refuse it one day. Remove the line, or put a # on it.`,
  };
}
