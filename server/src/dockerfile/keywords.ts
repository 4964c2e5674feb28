/** The instructions BuildKit knows, the flags each of them takes, and what a misspelt one may have meant. */

export const KEYWORDS = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const;

export type Keyword = (typeof KEYWORDS)[number];

export type FlagType = 'switch' | 'text' | 'list';

/** BuildKit reads the flags of ARG and STOPSIGNAL and never looks at them; all others take only those listed. */
export const FLAGS: Readonly<Partial<Record<Keyword, Readonly<Record<string, FlagType>>>>> = {
  ADD: {
    'chown': 'text',
    'chmod': 'text',
    'link': 'switch',
    'keep-git-dir': 'switch',
    'checksum': 'text',
    'unpack': 'switch',
    'exclude': 'list',
  },
  COPY: { from: 'text', chown: 'text', chmod: 'text', link: 'switch', parents: 'switch', exclude: 'list' },
  FROM: { platform: 'text' },
  HEALTHCHECK: {
    'interval': 'text',
    'timeout': 'text',
    'start-period': 'text',
    'start-interval': 'text',
    'retries': 'text',
  },
  RUN: { mount: 'list', network: 'text', security: 'text', device: 'list' },
};

const BY_NAME: ReadonlyMap<string, Keyword> = new Map(
  KEYWORDS.flatMap((keyword): [string, Keyword][] => [
    [keyword, keyword],
    [keyword.toLowerCase(), keyword],
  ]),
);

/** In any case of letters. */
export function keywordOf(word: string): Keyword | undefined {
  return BY_NAME.get(word) ?? (word.length <= 11 ? BY_NAME.get(lowerCase(word)) : undefined);
}

/** As Go does it: of all letters beyond ASCII, the Kelvin sign and the dotted I become ASCII ones. */
export function lowerCase(word: string): string {
  return word.replace(/[\u0130\u212a]/g, (letter) => (letter === '\u0130' ? 'i' : 'k')).toLowerCase();
}

/** The one of `options` that differs in at most two letters, as BuildKit suggests it. */
export function nearest(word: string, options: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = 3;
  const letters = lettersOf(word);
  for (const option of options) {
    // Each change adds or takes away two letters at most.
    if (Math.abs(option.length - word.length) >= least || countBits(letters ^ lettersOf(option)) > 4) {
      continue;
    }
    const changes = distance(word, option);
    if (changes < least) {
      best = option;
      least = changes;
    }
  }
  return best;
}

/** A bit for each letter; some share one. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at++) {
    letters |= 1 << (word.charCodeAt(at) & 31);
  }
  return letters;
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) {
    count++;
  }
  return count;
}

/** Levenshtein's, in one row. */
function distance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let line = 1; line <= a.length; line++) {
    let diagonal = row[0]!;
    row[0] = line;
    for (let column = 1; column <= b.length; column++) {
      const substitution = diagonal + (a[line - 1] === b[column - 1] ? 0 : 1);
      diagonal = row[column]!;
      row[column] = Math.min(diagonal + 1, row[column - 1]! + 1, substitution);
    }
  }
  return row[b.length]!;
}
