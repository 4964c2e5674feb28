/** One scanned instruction becomes a typed one. What BuildKit would refuse is reported, and as much as can be is still read. */
import { checkInstruction } from './check-instruction.ts';
import { readCommand } from './command.ts';
import type { Command } from './command.ts';
import type { Flag, Instruction, Problem, Word } from './dockerfile.ts';
import { copyForm, formOf, nameValues } from './forms.ts';
import { keywordOf } from './keywords.ts';
import type { Keyword } from './keywords.ts';
import { spanOf } from './logical-line.ts';
import type { LogicalLine, Piece } from './logical-line.ts';
import type { ScannedInstruction } from './scan.ts';
import { pair, pieceSpan, shortened, words } from './source.ts';
import type { Source } from './source.ts';
import type { Token } from './token.ts';
import { readBlankSeparated, readQuotedWords } from './words.ts';

export function readInstruction(
  scanned: ScannedInstruction,
  escape: string,
  report: (problem: Problem) => void,
): Instruction {
  return readPiece({ scanned, escape, piece: { text: scanned.line.text, at: 0 }, isTrigger: false, report });
}

type Base = Pick<Instruction, 'keywordSpan' | 'span' | 'lines' | 'flags' | 'heredocs'>;

function readPiece(source: Source): Instruction {
  const { piece, escape, isTrigger, report } = source;
  const command = readCommand(piece.text, escape);
  const keyword = keywordOf(command.keyword.text);
  const rest: Piece = { text: command.rest.text, at: piece.at + command.rest.start };
  if (command.garbled) {
    reportGarbled(source, command);
  }
  let isRefused = false;
  const instruction = typed(
    {
      scanned: source.scanned,
      piece,
      escape,
      isTrigger,
      report(problem) {
        isRefused ||= problem.kind === 'parse';
        report(problem);
      },
    },
    command,
    keyword,
    rest,
  );
  // What the line reader refuses, the instruction reader never sees.
  if (!isRefused) {
    checkInstruction(instruction, { rest: pieceSpan(source, rest), restText: rest.text, isTrigger, escape, report });
  }
  return instruction;
}

/** Every field is written out: copying objects by spread would be half of the time that reading takes. */
function typed(source: Source, command: Command, keyword: Keyword | undefined, rest: Piece): Instruction {
  const { keywordSpan, span, lines, flags, heredocs } = baseOf(source, command);
  switch (keyword) {
    case undefined: {
      const word = command.keyword.text;
      return { keyword: 'UNKNOWN', keywordSpan, span, lines, flags, json: false, args: [], heredocs, word };
    }
    case 'FROM': {
      const args = words(source, rest, readBlankSeparated(rest.text));
      const name = args.length === 3 && isAs(args[1]!.text) ? args[2] : undefined;
      return { keyword, keywordSpan, span, lines, flags, json: false, args, heredocs, image: args[0], name };
    }
    case 'COPY':
    case 'ADD': {
      const { json, args, sources, files, destination } = copyForm(source, rest);
      return { keyword, keywordSpan, span, lines, flags, json, args, heredocs, sources, files, destination };
    }
    case 'ARG': {
      const tokens = readQuotedWords(rest.text, source.escape);
      const args = words(source, rest, tokens);
      const pairs = tokens.map((word) => pair(source, rest, word));
      return { keyword, keywordSpan, span, lines, flags, json: false, args, heredocs, pairs };
    }
    case 'ENV':
    case 'LABEL': {
      const { args, pairs } = nameValues(source, keyword, rest);
      return { keyword, keywordSpan, span, lines, flags, json: false, args, heredocs, pairs };
    }
    case 'ONBUILD': {
      const trigger = readTrigger(source, rest);
      const args = trigger === undefined ? [] : [keywordWord(trigger, rest), ...trigger.args];
      return { keyword, keywordSpan, span, lines, flags, json: false, args, heredocs, trigger };
    }
    default: {
      const { json, args } = formOf(source, keyword, rest);
      return { keyword, keywordSpan, span, lines, flags, json, args, heredocs };
    }
  }
}

function baseOf({ scanned, piece }: Source, { keyword, flags }: Command): Base {
  const { line, lines, heredocs } = scanned;
  const keywordSpan = spanOf(line, piece.at + keyword.start, piece.at + keyword.end);
  return {
    keywordSpan,
    span: { start: keywordSpan.start, end: scanned.span.end },
    lines,
    flags: flags.length === 0 ? NO_FLAGS : flags.map((flag) => flagOf(line, piece, flag)),
    heredocs,
  };
}

const NO_FLAGS: readonly Flag[] = [];

function flagOf(line: LogicalLine, { at }: Piece, { text, start, end }: Token): Flag {
  const equals = text.indexOf('=');
  return {
    name: text.slice(2, equals === -1 ? undefined : equals),
    value: equals === -1 ? undefined : text.slice(equals + 1),
    text,
    span: spanOf(line, at + start, at + end),
  };
}

/** `as` in any case of letters; the long s counts as an s in Go. */
function isAs(word: string): boolean {
  return /^[aA][sS\u017f]$/.test(word);
}

/** BuildKit's parser follows any number of ONBUILDs; one inside another is refused anyway, so its own trigger is not read. */
function readTrigger(source: Source, rest: Piece): Instruction | undefined {
  if (rest.text === '' || source.isTrigger) {
    return undefined;
  }
  const { scanned, escape, report } = source;
  return readPiece({ scanned, escape, piece: rest, isTrigger: true, report });
}

function keywordWord(trigger: Instruction, rest: Piece): Word {
  const length = /^[^\t\v\f\r ]*/.exec(rest.text)?.[0].length ?? 0;
  return { text: rest.text.slice(0, length), span: trigger.keywordSpan };
}

function reportGarbled(source: Source, command: Command): void {
  const { at } = source.piece;
  for (const flag of command.flags) {
    if (/[^\x00-\x7f]/.test(flag.text)) {
      source.report({
        kind: 'build',
        severity: 'warning',
        span: spanOf(source.scanned.line, at + flag.start, at + flag.end),
        message: `BuildKit garbles letters beyond ASCII in a flag: it reads this one as “${shortened(flag.text)}”. Use plain letters.`,
      });
    }
  }
}
