/** Puts the values of variables into words, exactly as BuildKit does, and says where a value is not known. */
import type { Variables } from './lex-state.ts';
import { lex } from './lexer.ts';

export type { Variables };

export interface Expansion {
  /** Empty where there is a problem. */
  readonly text: string;
  /** Names whose value is not known; if there are any, `text` is not exact. */
  readonly unknown: readonly string[];
  /** Why BuildKit refuses the word. */
  readonly problem: string | undefined;
}

export interface WordsExpansion {
  readonly words: readonly string[];
  readonly unknown: readonly string[];
  readonly problem: string | undefined;
}

/** One word stays one word, whatever blanks the values have: FROM, ENV, LABEL, COPY, WORKDIR and most others. */
export function expandWord(word: string, variables: Variables, escape: string): Expansion {
  if (!needsLexer(word, escape)) {
    return { text: word, unknown: [], problem: undefined };
  }
  const { text, unknown, problem } = lex(word, variables, {
    escape,
    quotes: 'taken off',
    keepEscapes: false,
    keepUnset: false,
  });
  return { text, unknown, problem };
}

/** Blanks, also those of values, part words: EXPOSE. */
export function expandWords(text: string, variables: Variables, escape: string): WordsExpansion {
  const { words, unknown, problem } = lex(text, variables, {
    escape,
    quotes: 'taken off',
    keepEscapes: false,
    keepUnset: false,
  });
  return { words, unknown, problem };
}

/** The body of a COPY or ADD heredoc: quotes are plain text, and the escape is `\` in every Dockerfile. */
export function expandHeredoc(content: string, variables: Variables): Expansion {
  const { text, unknown, problem } = lex(content, variables, {
    escape: '\\',
    quotes: 'plain text',
    keepEscapes: false,
    keepUnset: false,
  });
  return { text, unknown, problem };
}

function needsLexer(word: string, escape: string): boolean {
  return /["'$\ufeff]/.test(word) || word.includes(escape);
}
