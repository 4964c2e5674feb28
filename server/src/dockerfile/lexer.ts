/** BuildKit's shell-like lexer: splits into words, takes quotes off, puts values in for variables. */
import { isSpace } from './characters.ts';
import { refuse } from './lex-state.ts';
import type { Lexed, LexOptions, LexState, Variables } from './lex-state.ts';
import { readDollar } from './substitution.ts';

export function lex(source: string, variables: Variables, options: LexOptions): Lexed {
  const state: LexState = {
    source,
    options,
    variables,
    // Go's scanner drops a byte order mark at the start of anything it reads.
    at: source.startsWith('\ufeff') ? 1 : 0,
    keepEscapes: options.keepEscapes,
    word: '',
    level: 0,
    unknown: new Set(),
    problem: undefined,
  };
  const { text, words } = readUntil(state, '', options.keepEscapes);
  if (state.problem !== undefined) {
    return { text: '', words: [], unknown: [...state.unknown], problem: state.problem };
  }
  return { text, words, unknown: [...state.unknown], problem: undefined };
}

/** Reads up to and including `stop`, or to the end where `stop` is empty; only then words are asked for. */
function readUntil(state: LexState, stop: string, keepEscapes: boolean): { text: string; words: readonly string[] } {
  const outerKeepEscapes = state.keepEscapes;
  state.keepEscapes = keepEscapes;
  state.word = '';
  const words: string[] | undefined = stop === '' ? [] : undefined;
  let text = '';
  let closed = stop === '';
  while (state.at < state.source.length && state.problem === undefined) {
    const char = state.source[state.at]!;
    if (char === stop) {
      state.at++;
      closed = true;
      break;
    }
    const part = readPart(state, char, stop);
    text += part.text;
    if (words !== undefined) {
      addPart(state, words, part);
    }
  }
  state.keepEscapes = outerKeepEscapes;
  if (!closed) {
    refuse(
      state,
      stop === '/' ? 'a / is missing between pattern and replacement in ${…/…/…}' : 'a closing } is missing',
    );
  }
  if (state.word !== '') {
    words?.push(state.word);
    state.word = '';
  }
  return { text, words: words ?? [] };
}

/** A word inside `${…}`. */
function readNestedWord(state: LexState, stop: string, keepEscapes: boolean): string {
  return readUntil(state, stop, keepEscapes).text;
}

interface Part {
  readonly text: string;
  /** Blanks in it part words; those that were quoted or escaped do not. */
  readonly splits: boolean;
}

function readPart(state: LexState, char: string, stop: string): Part {
  switch (char) {
    case '$':
      return { text: readDollar(state, readNestedWord), splits: true };
    case '<':
      return { text: readLess(state), splits: false };
    case "'":
    case '"':
      if (state.options.quotes === 'plain text') {
        state.at++;
        return { text: char, splits: true };
      }
      return { text: char === "'" ? readSingleQuoted(state) : readDoubleQuoted(state), splits: false };
    case state.options.escape:
      return { text: readEscaped(state), splits: false };
    default:
      return { text: readPlain(state, stop), splits: true };
  }
}

/** Everything up to the next character that means something; one at least. */
function readPlain(state: LexState, stop: string): string {
  const start = state.at;
  const { source } = state;
  const escape = state.options.escape;
  let char: string | undefined;
  do {
    state.at++;
    char = source[state.at];
  } while (
    char !== undefined &&
    char !== '$' &&
    char !== '<' &&
    char !== "'" &&
    char !== '"' &&
    char !== escape &&
    char !== stop
  );
  return source.slice(start, state.at);
}

function addPart(state: LexState, words: string[], { text, splits }: Part): void {
  if (!splits) {
    state.word += text;
    return;
  }
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (!isSpace(text.charCodeAt(at))) {
      continue;
    }
    state.word += text.slice(start, at);
    start = at + 1;
    if (state.word !== '') {
      words.push(state.word);
      state.word = '';
    }
  }
  state.word += text.slice(start);
}

function readEscaped(state: LexState): string {
  const kept = state.keepEscapes ? state.options.escape : '';
  const escaped = state.source[state.at + 1] ?? '';
  state.at += 2;
  return kept + escaped;
}

function readSingleQuoted(state: LexState): string {
  const start = state.at;
  const end = state.source.indexOf("'", start + 1);
  if (end === -1) {
    state.problem = "a closing ' is missing";
    state.at = state.source.length;
    return '';
  }
  state.at = end + 1;
  return state.options.quotes === 'kept' ? state.source.slice(start, end + 1) : state.source.slice(start + 1, end);
}

function readDoubleQuoted(state: LexState): string {
  const quote = state.options.quotes === 'kept' ? '"' : '';
  const escape = state.options.escape;
  let text = quote;
  state.at++;
  while (state.at < state.source.length && state.problem === undefined) {
    const char = state.source[state.at]!;
    if (char === '"') {
      state.at++;
      return text + quote;
    }
    if (char === '$') {
      text += readDollar(state, readNestedWord);
      continue;
    }
    if (char !== escape) {
      text += readPlain(state, '');
      continue;
    }
    state.at++;
    const next = state.source[state.at];
    text += state.keepEscapes ? char : '';
    if (next === '"' || next === '$' || next === escape) {
      text += next;
      state.at++;
    } else if (next !== undefined) {
      text += char;
    }
  }
  state.problem ??= 'a closing " is missing';
  return '';
}

/** `<<` and the blanks after it stay in one word, so that `<< EOF` is a heredoc. */
function readLess(state: LexState): string {
  const start = state.at;
  state.at++;
  if (state.source[state.at] === '<') {
    state.at++;
    while (/[\t\r ]/.test(state.source[state.at] ?? '')) {
      state.at++;
    }
  }
  return state.source.slice(start, state.at);
}
