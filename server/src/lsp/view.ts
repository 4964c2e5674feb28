/** Everything a feature may look at to answer a request about a document: plain data, complete, computed before. */
import type { Range, TextDocument } from 'vscode-languageserver-textdocument';
import type { Insight } from '../insights/insight.ts';
import type { Overview } from '../render/overview.ts';
import type { Span } from '../text/span.ts';
import type { DocumentConfiguration } from './configuration.ts';
import type { DocumentEvidence } from './measurement.ts';

export interface DocumentView {
  readonly document: TextDocument;
  readonly insights: readonly Insight[];
  readonly overview: Overview;
  readonly configuration: DocumentConfiguration;
  readonly evidence: DocumentEvidence;
  /** Differs between two views of one document exactly where something in them may differ. */
  readonly version: string;
}

/** In the protocol's lines, which also end at a lone carriage return; so offsets, never BuildKit's line numbers. */
export function rangeOf({ document }: Pick<DocumentView, 'document'>, span: Span): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) };
}
