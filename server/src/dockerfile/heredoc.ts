/** Finds the heredocs that an instruction opens. BuildKit looks for them with its own lexer, over the whole joined line. */
import { lex } from './lexer.ts';
import type { LexOptions, Variables } from './lex-state.ts';

/** `<<NAME` as it stands in an instruction. */
export interface HeredocWord {
  readonly name: string;
  readonly fileDescriptor: number;
  readonly expand: boolean;
  readonly chomp: boolean;
}

export interface HeredocWords {
  readonly words: readonly HeredocWord[];
  /** Why the lexer gave up, so that no heredoc is seen, whatever the text looks like. */
  readonly unseen: string | undefined;
  /** A delimiter that BuildKit finds but cannot read: it refuses the instruction. */
  readonly refused: string | undefined;
}

const NOTHING_SET: Variables = { get: () => undefined, isKnown: () => true };

/** The escape is `\` here in every Dockerfile, whatever its directive says. */
const LINE: LexOptions = { escape: '\\', quotes: 'kept', keepEscapes: true, keepUnset: true };
const NAME: LexOptions = { escape: '\\', quotes: 'taken off', keepEscapes: false, keepUnset: true };
const QUOTED_NAME: LexOptions = { escape: '\\', quotes: 'kept', keepEscapes: false, keepUnset: true };

const HEREDOC = /^([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)$/;

/** The heredocs of a joined line, keyword and flags included. */
export function readHeredocWords(line: string): HeredocWords {
  const { words, problem } = lex(line, NOTHING_SET, LINE);
  const heredocs: HeredocWord[] = [];
  for (const word of words) {
    const heredoc = readDelimiter(word);
    if (heredoc === 'refused') {
      return { words: [], unseen: undefined, refused: word };
    }
    if (heredoc !== undefined) {
      heredocs.push(heredoc);
    }
  }
  return { words: heredocs, unseen: problem, refused: undefined };
}

/** The reader of COPY's own words, which are not the lexer's: `<<"A B"` is one heredoc of the line and no file of the COPY. */
export function readHeredocWord(text: string): HeredocWord | undefined {
  const heredoc = readDelimiter(text);
  return heredoc === 'refused' ? undefined : heredoc;
}

function readDelimiter(text: string): HeredocWord | 'refused' | undefined {
  const match = HEREDOC.exec(text);
  const rest = match?.[3] ?? '';
  if (match === null || rest === '') {
    return undefined;
  }
  const plain = lex(rest, NOTHING_SET, NAME);
  const quoted = lex(rest, NOTHING_SET, QUOTED_NAME);
  if (plain.problem !== undefined) {
    return 'refused';
  }
  const [name] = plain.words;
  const [quotedName] = quoted.words;
  if (plain.words.length !== 1 || name === undefined) {
    return undefined;
  }
  if (quoted.words.length !== 1 || quotedName === undefined) {
    return 'refused';
  }
  return {
    name,
    fileDescriptor: Number(match[1]),
    expand: countQuotes(name) === countQuotes(quotedName),
    chomp: match[2] === '-',
  };
}

/** Leading tabs of every line, as `<<-` takes them off. */
export function chomp(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}

function countQuotes(text: string): number {
  return text.split(/['"]/).length - 1;
}
