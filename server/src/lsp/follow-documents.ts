/** What opening, editing, saving and closing a Dockerfile means for everything that is kept of it. */
import type { Disposable, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Announcer } from './announcer.ts';
import type { Configurations } from './configuration.ts';
import { isDockerfile } from './documents.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import type { Memo } from './memo.ts';
import { pathOfUri } from './uri.ts';
import type { PathFlavour } from './uri.ts';

export interface Followers {
  readonly configurations: Configurations;
  readonly evidence: EvidenceKeeper;
  readonly memo: Memo;
  readonly announcer: Announcer;
  readonly paths: PathFlavour;
}

export function followDocuments(documents: TextDocuments<TextDocument>, followers: Followers): Disposable {
  const { configurations, evidence, memo, announcer, paths } = followers;
  const listeners = [
    documents.onDidOpen(({ document }) => {
      if (isDockerfile(document)) {
        // Versions begin anew, also where a client opens what it never closed.
        memo.forget(document.uri);
        evidence.opened(document.uri, pathOfUri(document.uri, paths));
      }
    }),
    // Also heard after opening.
    documents.onDidChangeContent(({ document: { uri } }) => {
      if (evidence.of(uri)) {
        announcer.textChanged(uri);
        evidence.textChanged(uri);
      }
    }),
    documents.onDidSave(({ document: { uri } }) => {
      evidence.recheck(uri);
    }),
    documents.onDidClose(({ document: { uri } }) => {
      if (evidence.of(uri)) {
        evidence.closed(uri);
        announcer.closed(uri);
        memo.forget(uri);
        configurations.forget(uri);
      }
    }),
  ];
  return {
    dispose() {
      listeners.forEach((listener) => {
        listener.dispose();
      });
    },
  };
}
