/** One result of `lens` per (text, evidence, configuration), shared by every feature that is asked about the document. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { lens } from '../lens.ts';
import { overview } from '../render/overview.ts';
import type { DocumentConfiguration } from './configuration.ts';
import type { DocumentEvidence } from './measurement.ts';
import type { DocumentView } from './view.ts';

export interface Memo {
  view(document: TextDocument, evidence: DocumentEvidence, configuration: DocumentConfiguration): DocumentView;
  forget(uri: string): void;
}

/** `exact` hears of every text that the image at hand was built from: the text that later edits are compared with. */
export function createMemo(exact: (uri: string, text: string) => void): Memo {
  const views = new Map<string, DocumentView>();
  return {
    view(document, evidence, configuration) {
      const { uri } = document;
      const version = `${document.version}.${evidence.version}.${configuration.version}`;
      const known = views.get(uri);
      if (known?.version === version) {
        return known;
      }
      const text = document.getText();
      const insights = lens(text, evidence.evidence, configuration.insight);
      const view = { document, insights, overview: overview(insights), configuration, evidence, version };
      views.set(uri, view);
      if (view.overview.image?.matches === 'exact') {
        exact(uri, text);
      }
      return view;
    },
    forget(uri) {
      views.delete(uri);
    },
  };
}
