/** What an instruction does to the image, shown where its keyword or its first line is pointed at. */
import { MarkupKind } from 'vscode-languageserver/node';
import type { Hover, Position } from 'vscode-languageserver/node';
import type { LayerInsight } from '../insights/insight.ts';
import { hoverMarkdown } from '../render/hover.ts';
import { contains } from '../text/span.ts';
import type { Span } from '../text/span.ts';
import type { Abilities } from './abilities.ts';
import type { DocumentView } from './view.ts';
import { rangeOf } from './view.ts';

export function hover(
  view: DocumentView,
  position: Position,
  { hoverMarkdown: markdown }: Abilities,
): Hover | undefined {
  if (!view.configuration.shown.hover) {
    return undefined;
  }
  const { document, overview } = view;
  const offset = document.offsetAt(position);
  const layer = overview.layers.find((each) => each.span.start <= offset && offset <= each.span.end);
  const range = layer && hoverSpan(layer, offset, view);
  const text = layer && range && hoverMarkdown(layer, overview);
  if (!text) {
    return undefined;
  }
  return {
    contents: markdown
      ? { kind: MarkupKind.Markdown, value: text }
      : { kind: MarkupKind.PlainText, value: plainText(text) },
    range: rangeOf(view, range),
  };
}

/** The keyword, else the first line. The lines below are a script somebody reads; a hover on each word would be in the way. */
function hoverSpan({ span, keywordSpan }: LayerInsight, offset: number, { document }: DocumentView): Span | undefined {
  if (contains(keywordSpan, offset)) {
    return keywordSpan;
  }
  const { line } = document.positionAt(keywordSpan.start);
  const end = document.offsetAt(document.positionAt(document.offsetAt({ line, character: Number.MAX_SAFE_INTEGER })));
  return offset <= end ? { start: span.start, end: Math.min(end, span.end) } : undefined;
}

/** For clients that show what they get as it is: the same words without the marks. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?\s*)?$\n?/gm, '')
    .replace(/^\|\s*(.*?)\s*\|$/gm, (_, row: string) => row.replace(/\s*\|\s*/g, '  '))
    .replace(/^#+ /gm, '')
    .replace(/^```.*\n?/gm, '')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)')
    .replace(/(\*\*|__)(.*?)\1/g, '$2')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\$\([a-z-]+(~spin)?\)\s?/g, '')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>])/g, '$1');
}
