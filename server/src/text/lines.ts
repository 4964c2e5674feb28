/** Offsets to lines and back, as editors and BuildKit count them: a line ends after `\n`. */

/** Lines are 0-based and inclusive; only `render/` and the wire add 1. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LineTable {
  /** Offset of the first character of each line; `starts[0]` is 0. */
  readonly starts: readonly number[];
  readonly length: number;
}

export function lineTable(text: string): LineTable {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return { starts, length: text.length };
}

/** Offsets outside the text are moved to its nearest end. */
export function positionAt(table: LineTable, offset: number): Position {
  const wanted = Math.max(0, Math.min(offset, table.length));
  let low = 0;
  let high = table.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table.starts[middle]! <= wanted) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return { line: low, character: wanted - table.starts[low]! };
}

/** Positions beyond a line's end are moved to it (before its line break is not distinguished). */
export function offsetAt(table: LineTable, position: Position): number {
  const start = table.starts[position.line];
  if (start === undefined) {
    return position.line < 0 ? 0 : table.length;
  }
  const next = table.starts[position.line + 1] ?? table.length;
  return Math.min(start + Math.max(0, position.character), next);
}
