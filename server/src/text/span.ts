/** Places in a text and replacements of them. All offsets are UTF-16 code units from the start of the text. */

/** A half-open range of a text: `start` is in it, `end` is not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Replace what stands at `span` with `newText`. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** Applies edits that do not overlap, in any order; throws RangeError where two do. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let copied = 0;
  for (const { span, newText } of ordered) {
    if (span.start < copied) {
      throw new RangeError(`edits overlap at ${span.start}`);
    }
    result += text.slice(copied, span.start) + newText;
    copied = span.end;
  }
  return result + text.slice(copied);
}

export function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset < span.end;
}
