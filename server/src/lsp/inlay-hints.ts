/** Sizes at the ends of lines, for those who do not want lenses above them. */
import type { InlayHint, Range } from 'vscode-languageserver/node';
import { hintText } from '../render/labels.ts';
import type { DocumentView } from './view.ts';

export function inlayHints(view: DocumentView, range: Range): InlayHint[] {
  if (!view.configuration.shown.inlayHints) {
    return [];
  }
  const { document, overview } = view;
  const from = document.offsetAt({ line: range.start.line, character: 0 });
  const to = document.offsetAt({ line: range.end.line + 1, character: 0 });
  return overview.layers
    .filter((layer) => from <= layer.keywordSpan.start && layer.keywordSpan.start <= to)
    .flatMap((layer) => {
      const label = hintText(layer, overview);
      return label === undefined
        ? []
        : [{ position: endOfLine(view, layer.keywordSpan.start), label, paddingLeft: true }];
    });
}

/** The end of the keyword's line, also for an instruction of many lines: where the eye looks for what it costs. */
function endOfLine({ document }: DocumentView, offset: number): InlayHint['position'] {
  const { line } = document.positionAt(offset);
  // Beyond the end: the document moves it before the line's break.
  return document.positionAt(document.offsetAt({ line, character: Number.MAX_SAFE_INTEGER }));
}
