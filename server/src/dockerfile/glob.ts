/** The patterns of `${name#pattern}` and its kin: `*`, `?` and escapes, matched the way Go's regular expressions do it. */

/** `problem`: BuildKit refuses the pattern. `undefined`: it was given up, because the texts are too long to try. */
export type GlobResult = { readonly text: string } | { readonly problem: string } | undefined;

/** Steps of matching that are spent on one substitution; a real one takes a few hundred. */
const MOST_STEPS = 2_000_000;

const ANY = -1;
const STAR = -2;

/** `${value#pattern}`; `##` is greedy. */
export function trimPrefix(pattern: string, value: string, greedy: boolean): GlobResult {
  return trimStart(Array.from(pattern), Array.from(value), greedy);
}

/** `${value%pattern}`; `%%` is greedy. BuildKit turns both around and cuts at the front. */
export function trimSuffix(pattern: string, value: string, greedy: boolean): GlobResult {
  const result = trimStart(reversePattern(Array.from(pattern)), Array.from(value).reverse(), greedy);
  return result !== undefined && 'text' in result ? { text: Array.from(result.text).reverse().join('') } : result;
}

/** `${value/pattern/replacement}`. */
export function replaceFirst(pattern: string, replacement: string, value: string): GlobResult {
  const tokens = readPattern(Array.from(pattern));
  if (typeof tokens === 'string') {
    return { problem: tokens };
  }
  const characters = Array.from(value);
  const match = find(matcher(tokens, characters, true), 0, false);
  if (match === 'too long') {
    return undefined;
  }
  if (match === undefined) {
    return { text: value };
  }
  return { text: characters.slice(0, match.start).join('') + replacement + characters.slice(match.end).join('') };
}

/** `${value//pattern/replacement}`: here, and only here, Go also replaces `$0` and the like in the replacement. */
export function replaceAll(pattern: string, replacement: string, value: string): GlobResult {
  const tokens = readPattern(Array.from(pattern));
  if (typeof tokens === 'string') {
    return { problem: tokens };
  }
  const characters = Array.from(value);
  const search = matcher(tokens, characters, true);
  const parts: string[] = [];
  let copied = 0;
  let from = 0;
  while (from <= characters.length) {
    const match = find(search, from, false);
    if (match === 'too long') {
      return undefined;
    }
    if (match === undefined) {
      break;
    }
    parts.push(characters.slice(copied, match.start).join(''));
    // No empty match right after another match.
    if (match.end > copied || match.start === 0) {
      parts.push(fillTemplate(replacement, characters.slice(match.start, match.end).join('')));
    }
    copied = match.end;
    from = Math.max(from + 1, match.end);
  }
  return { text: parts.join('') + characters.slice(copied).join('') };
}

function trimStart(pattern: readonly string[], value: readonly string[], greedy: boolean): GlobResult {
  const tokens = readPattern(pattern);
  if (typeof tokens === 'string') {
    return { problem: tokens };
  }
  const match = find(matcher(tokens, value, greedy), 0, true);
  if (match === 'too long') {
    return undefined;
  }
  return { text: value.slice(match?.end ?? 0).join('') };
}

function reversePattern(pattern: readonly string[]): string[] {
  const reversed: string[] = Array.from({ length: pattern.length }, () => '');
  const last = pattern.length - 1;
  for (let at = 0; at <= last; at++) {
    const target = last - at;
    if (pattern[at] === '\\' && at !== last) {
      reversed[target - 1] = '\\';
      reversed[target] = pattern[at + 1]!;
      at++;
    } else {
      reversed[target] = pattern[at]!;
    }
  }
  return reversed;
}

/** Code points, ANY and STAR; or what is wrong with the pattern. */
function readPattern(pattern: readonly string[]): readonly number[] | string {
  const tokens: number[] = [];
  // Go's scanner drops a byte order mark at the start of anything it reads.
  for (let at = pattern[0] === '\ufeff' ? 1 : 0; at < pattern.length; at++) {
    let char = pattern[at]!;
    if (char === '*' || char === '?') {
      tokens.push(char === '*' ? STAR : ANY);
      continue;
    }
    if (char === '\\') {
      const next = pattern[at + 1];
      if (next === '}' || next === '/') {
        continue;
      }
      if (next !== '*' && next !== '?' && next !== '\\') {
        return `in a pattern, \\ can stand only before * ? \\ / and }, not before ${next === undefined ? 'its end' : `“${next}”`}`;
      }
      char = next;
      at++;
    }
    tokens.push(char.codePointAt(0)!);
  }
  return tokens;
}

interface Matcher {
  readonly tokens: readonly number[];
  readonly value: readonly number[];
  readonly greedy: boolean;
  /** Marks of pattern positions already in the list of a step. */
  readonly seen: Int32Array;
  steps: number;
  generation: number;
}

function matcher(tokens: readonly number[], value: readonly string[], greedy: boolean): Matcher {
  return {
    tokens,
    value: value.map((char) => char.codePointAt(0)!),
    greedy,
    seen: new Int32Array(tokens.length + 1),
    steps: 0,
    generation: 0,
  };
}

interface Thread {
  readonly position: number;
  readonly start: number;
}

/** The leftmost match, and of those the one a backtracking matcher finds first; all ways are followed side by side, so the time is linear in both. */
function find(
  search: Matcher,
  from: number,
  anchored: boolean,
): { readonly start: number; readonly end: number } | 'too long' | undefined {
  let threads: Thread[] = [];
  let found: { start: number; end: number } | undefined;
  search.generation++;
  addThread(search, threads, 0, from);
  for (let at = from; ; at++) {
    const following: Thread[] = [];
    const generation = ++search.generation;
    for (const { position, start } of threads) {
      if (++search.steps > MOST_STEPS) {
        return 'too long';
      }
      if (position === search.tokens.length) {
        found = { start, end: at };
        break;
      }
      if (at < search.value.length && accepts(search.tokens[position]!, search.value[at]!)) {
        addThread(search, following, search.tokens[position] === STAR ? position : position + 1, start);
      }
    }
    if (at >= search.value.length) {
      return found;
    }
    if (found === undefined && !anchored && search.generation === generation) {
      addThread(search, following, 0, at + 1);
    }
    if (following.length === 0) {
      return found;
    }
    threads = following;
  }
}

/** A star may be left at once; which way is tried first is what greedy means. */
function addThread(search: Matcher, threads: Thread[], first: number, start: number): void {
  const waiting: number[] = [];
  for (let position = first; ; position++) {
    if (search.seen[position] === search.generation) {
      break;
    }
    search.seen[position] = search.generation;
    if (search.tokens[position] !== STAR) {
      threads.push({ position, start });
      break;
    }
    if (search.greedy) {
      threads.push({ position, start });
    } else {
      waiting.push(position);
    }
  }
  for (const position of waiting.toReversed()) {
    threads.push({ position, start });
  }
}

/** Go's `.` is anything but a line feed. */
function accepts(token: number, character: number): boolean {
  return token === ANY || token === STAR ? character !== 0x0a : token === character;
}

/** Go's templates: `$0` and `${0}` are the match, `$$` is a dollar, any other name is empty. */
function fillTemplate(template: string, match: string): string {
  return template.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (all, braced?: string, plain?: string) => {
      if (all === '$$') {
        return '$';
      }
      return /^0+$/.test(braced ?? plain ?? '') ? match : '';
    },
  );
}
