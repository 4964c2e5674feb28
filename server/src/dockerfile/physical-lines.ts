/** The text by its physical lines. As in BuildKit, only a line feed ends one. */
import { lineTable } from '../text/lines.ts';

export interface PhysicalLines {
  readonly text: string;
  readonly starts: readonly number[];
  readonly count: number;
  /** The first line from `from` on that is `content` and nothing else; `afterTabs`: tabs before it do not count. */
  readonly find: (content: string, afterTabs: boolean, from: number) => number | undefined;
}

export function physicalLines(text: string): PhysicalLines {
  const { starts } = lineTable(text);
  const count = starts.at(-1) === text.length ? starts.length - 1 : starts.length;
  const lines = { text, starts, count };
  // Built once for all heredocs: a search of its own for each would take quadratic time on half-typed text.
  let exact: ReadonlyMap<string, readonly number[]> | undefined;
  let untabbed: ReadonlyMap<string, readonly number[]> | undefined;
  return {
    ...lines,
    find(content, afterTabs, from) {
      if (afterTabs) {
        untabbed ??= indexLines(lines, true);
      } else {
        exact ??= indexLines(lines, false);
      }
      return firstFrom((afterTabs ? untabbed : exact)?.get(content) ?? [], from);
    },
  };
}

/** The end of a line's text: its line feed and all carriage returns before it are left out. */
export function endOfLine({ text, starts }: Pick<PhysicalLines, 'text' | 'starts'>, line: number): number {
  const next = starts[line + 1];
  let end = next === undefined ? text.length : next - 1;
  while (end > starts[line]! && text.charCodeAt(end - 1) === 0x0d) {
    end--;
  }
  return end;
}

function indexLines(
  lines: Pick<PhysicalLines, 'text' | 'starts' | 'count'>,
  afterTabs: boolean,
): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (let line = 0; line < lines.count; line++) {
    let start = lines.starts[line]!;
    const end = endOfLine(lines, line);
    if (afterTabs) {
      start = skipTabs(lines.text, start, end);
    }
    const content = lines.text.slice(start, end);
    const known = index.get(content);
    if (known === undefined) {
      index.set(content, [line]);
    } else {
      known.push(line);
    }
  }
  return index;
}

function skipTabs(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text[at] === '\t') {
    at++;
  }
  return at;
}

function firstFrom(sorted: readonly number[], from: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return sorted[low];
}
