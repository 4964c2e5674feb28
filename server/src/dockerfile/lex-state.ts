/** What BuildKit's lexer keeps while it reads, and the smallest things it reads. */

/** The variables an expansion sees. */
export interface Variables {
  /** undefined: not set, as far as is known. */
  get(name: string): string | undefined;
  /** False where more is to be known: an image that was not read may define the name, or its value came from such a one. */
  isKnown(name: string): boolean;
}

export interface LexOptions {
  readonly escape: string;
  readonly quotes: 'taken off' | 'kept' | 'plain text';
  readonly keepEscapes: boolean;
  /** A variable that is not set stays as it is written. */
  readonly keepUnset: boolean;
}

export interface Lexed {
  readonly text: string;
  readonly words: readonly string[];
  /** Names whose value is not known and that take part in `text`: it is then not exact. */
  readonly unknown: readonly string[];
  /** What BuildKit refuses; `text` is then empty. */
  readonly problem: string | undefined;
}

export interface LexState {
  readonly source: string;
  readonly options: LexOptions;
  readonly variables: Variables;
  at: number;
  keepEscapes: boolean;
  /** The word that is being read. Nested substitutions share it and empty it, in BuildKit too. */
  word: string;
  level: number;
  unknown: Set<string>;
  problem: string | undefined;
}

/** The first thing BuildKit refuses counts; reading stops there. */
export function refuse(state: LexState, problem: string): string {
  state.problem ??= problem;
  return '';
}

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** Letters, digits and _; a name that begins with a digit is all digits, and special parameters have one character. */
export function readName(state: LexState): string {
  const { source } = state;
  const start = state.at;
  const first = characterAt(source, start);
  const digitsOnly = isDigit(first);
  if (first !== '' && '@*#?-$!'.includes(first)) {
    state.at++;
    return first;
  }
  for (let char = first; char !== ''; char = characterAt(source, state.at)) {
    if (digitsOnly ? !isDigit(char) : !isNameCharacter(char)) {
      break;
    }
    state.at += char.length;
  }
  return source.slice(start, state.at);
}

function isDigit(char: string): boolean {
  return char < '\x80' ? char >= '0' && char <= '9' : DIGIT.test(char);
}

function isNameCharacter(char: string): boolean {
  if (char < '\x80') {
    return /^\w$/.test(char);
  }
  return LETTER.test(char) || DIGIT.test(char);
}

/** A whole code point; empty at the end. */
export function characterAt(source: string, at: number): string {
  const code = source.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}
