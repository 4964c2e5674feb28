/** Reads the bodies of the heredocs that an instruction opens, from the lines below it. */
import { readCommand } from './command.ts';
import type { Heredoc, Problem } from './dockerfile.ts';
import { readHeredocWords } from './heredoc.ts';
import type { HeredocWord } from './heredoc.ts';
import { readJson } from './json-form.ts';
import { keywordOf } from './keywords.ts';
import { spanOf } from './logical-line.ts';
import type { LogicalLine } from './logical-line.ts';
import { endOfLine } from './physical-lines.ts';
import type { PhysicalLines } from './physical-lines.ts';

export interface Bodies {
  readonly heredocs: readonly Heredoc[];
  readonly problems: readonly Problem[];
  /** Where the last line of a body or its terminator ends; undefined where there is none. */
  readonly end: number | undefined;
  /** The first line below. */
  readonly next: number;
}

/** `next`: the first line below the instruction itself. */
export function readBodies(lines: PhysicalLines, line: LogicalLine, escape: string, next: number): Bodies {
  const nothing: Bodies = { heredocs: [], problems: [], end: undefined, next };
  if (!line.text.includes('<<') || !takesHeredocs(line.text, escape)) {
    return nothing;
  }
  const { words, unseen, refused } = readHeredocWords(line.text);
  if (refused !== undefined) {
    return { ...nothing, problems: [unreadable(line, refused)] };
  }
  if (unseen !== undefined) {
    return { ...nothing, problems: unseenHeredoc(lines, line, next, unseen) };
  }
  return readAll(lines, line, words, next);
}

/** ADD, COPY and RUN, also behind one ONBUILD, unless they are in JSON form. */
function takesHeredocs(text: string, escape: string): boolean {
  let command = readCommand(text, escape);
  if (keywordOf(command.keyword.text) === 'ONBUILD') {
    command = readCommand(command.rest.text, escape);
  }
  const keyword = keywordOf(command.keyword.text);
  return (
    (keyword === 'ADD' || keyword === 'COPY' || keyword === 'RUN') && readJson(command.rest.text).kind === 'not-json'
  );
}

function readAll(lines: PhysicalLines, line: LogicalLine, words: readonly HeredocWord[], first: number): Bodies {
  const heredocs: Heredoc[] = [];
  let next = first;
  let end: number | undefined;
  for (const word of words) {
    const start = lines.starts[next] ?? lines.text.length;
    const terminator = lines.find(word.name, word.chomp, next);
    if (terminator === undefined) {
      next = guessEnd(lines, next);
      heredocs.push(withBody(lines, word, start, lines.starts[next] ?? lines.text.length));
      end = next > first ? endOfLine(lines, next - 1) : end;
      return { heredocs, problems: [unterminated(line, word)], end, next };
    }
    heredocs.push(withBody(lines, word, start, lines.starts[terminator]!));
    next = terminator + 1;
    end = endOfLine(lines, terminator);
  }
  return { heredocs, problems: [], end, next };
}

function withBody({ text }: PhysicalLines, word: HeredocWord, start: number, end: number): Heredoc {
  const { name, fileDescriptor, expand, chomp } = word;
  return { name, fileDescriptor, expand, chomp, content: text.slice(start, end), body: { start, end } };
}

/** BuildKit would take the rest of the file; while somebody types, the next instruction is the better guess. */
function guessEnd(lines: PhysicalLines, first: number): number {
  let end = first;
  for (let line = first; line < lines.count; line++) {
    const text = lines.text.slice(lines.starts[line], endOfLine(lines, line));
    if (looksLikeInstruction(text)) {
      return end;
    }
    if (/\S/.test(text) && !text.startsWith('#')) {
      end = line + 1;
    }
  }
  return end;
}

function looksLikeInstruction(text: string): boolean {
  const word = /^([A-Z]+)[\t ]/.exec(text)?.[1];
  return word !== undefined && keywordOf(word) !== undefined;
}

function unterminated(line: LogicalLine, word: HeredocWord): Problem {
  const shift = /<<[\t ]*[0-9(]/.exec(line.text);
  const message =
    shift !== null && word.name.endsWith(')')
      ? `“<< ${word.name}” is meant as a shift, but BuildKit takes it for the start of a heredoc and looks for a line “${word.name}”. Write it without blanks around “<<”.`
      : `No line “${word.name}” ends the heredoc that starts here. Add one${word.chomp ? ' (only tabs may stand before it)' : ', with nothing before or after it'}.`;
  return { kind: 'parse', severity: 'error', span: operatorSpan(line, word.name), message };
}

function unreadable(line: LogicalLine, delimiter: string): Problem {
  return {
    kind: 'parse',
    severity: 'error',
    span: operatorSpan(line, delimiter),
    message: `The delimiter of this heredoc, “${delimiter}”, cannot be read. Use a plain word, such as EOF.`,
  };
}

/** The operator before `name`, where that can be told; else the first one. */
function operatorSpan(line: LogicalLine, name: string): { start: number; end: number } {
  const first = line.text.indexOf('<<');
  const at = line.text.indexOf(name, first);
  const operator = at === -1 ? -1 : line.text.lastIndexOf('<<', at);
  if (operator === -1) {
    return spanOf(line, first, first + 2);
  }
  return spanOf(line, operator, at + name.length);
}

/** Said only where a line below proves that a heredoc was meant. */
function unseenHeredoc(lines: PhysicalLines, line: LogicalLine, next: number, why: string): readonly Problem[] {
  const match = /<<(-?)[\t ]*(["']?)([A-Za-z_][A-Za-z0-9_]*)\2/.exec(line.text);
  if (match === null || lines.find(match[3]!, match[1] === '-', next) === undefined) {
    return [];
  }
  return [
    {
      kind: 'build',
      severity: 'warning',
      span: spanOf(line, match.index, match.index + match[0].length),
      message: `BuildKit does not see this heredoc, because its own reader stumbles over the line: ${why}. The lines below are then taken for instructions. Move the rest of the line into the heredoc's body.`,
    },
  ];
}
