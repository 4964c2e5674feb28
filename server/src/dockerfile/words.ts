/** The words of an instruction: between blanks, with quotes, or as name=value pairs. */
import { BLANKS, isBlank, isSpace, skipSpaces } from './characters.ts';
import { token } from './token.ts';
import type { Token } from './token.ts';

/** Words between blanks; quotes mean nothing. */
export function readBlankSeparated(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    while (at < text.length && !isBlank(text.charCodeAt(at))) {
      at++;
    }
    tokens.push(token(text, start, at));
    while (at < text.length && isBlank(text.charCodeAt(at))) {
      at++;
    }
  }
  return tokens;
}

/** Words as ARG, ENV and LABEL have them: blanks in quotes or after an escape belong to the word, quotes and escapes stay. */
export function readQuotedWords(text: string, escape: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpaces(text, 0, text.length);
  while (at < text.length) {
    const word = readQuotedWord(text, at, escape);
    if (word.text !== '') {
      tokens.push(word);
    }
    at = skipSpaces(text, word.end, text.length);
  }
  return tokens;
}

function readQuotedWord(text: string, start: number, escape: string): Token {
  let quote = '';
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (char === escape && quote !== "'") {
      if (at + 1 === text.length) {
        return { text: text.slice(start, at), start, end: at + 1 };
      }
      at++;
    } else if (quote !== '') {
      quote = char === quote ? '' : quote;
    } else if (char === "'" || char === '"') {
      quote = char;
    } else if (isSpace(text.charCodeAt(at))) {
      break;
    }
  }
  const end = Math.min(at, text.length);
  return token(text, start, end);
}

/** What stands after ENV or LABEL. */
export type NameValues =
  | { readonly kind: 'pairs'; readonly words: readonly Token[]; readonly withoutEquals: readonly Token[] }
  | { readonly kind: 'legacy'; readonly name: Token; readonly value: Token }
  | { readonly kind: 'name-only'; readonly name: Token }
  | { readonly kind: 'nothing' };

export function readNameValues(text: string, escape: string): NameValues {
  const words = readQuotedWords(text, escape);
  const first = words[0];
  if (first === undefined) {
    return { kind: 'nothing' };
  }
  if (first.text.includes('=')) {
    return { kind: 'pairs', words, withoutEquals: words.filter((word) => !word.text.includes('=')) };
  }
  const blank = BLANKS.exec(text);
  if (blank === null) {
    return { kind: 'name-only', name: token(text, 0, text.length) };
  }
  return {
    kind: 'legacy',
    name: token(text, 0, blank.index),
    value: token(text, blank.index + blank[0].length, text.length),
  };
}

/** A word cut at its first `=`. */
export function splitPair(word: Token): { readonly name: Token; readonly value: Token | undefined } {
  const equals = word.text.indexOf('=');
  if (equals === -1) {
    return { name: word, value: undefined };
  }
  const cut = word.start + equals;
  return {
    name: { text: word.text.slice(0, equals), start: word.start, end: cut },
    value: { text: word.text.slice(equals + 1), start: cut + 1, end: word.end },
  };
}
