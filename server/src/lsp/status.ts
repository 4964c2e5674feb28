/** `layerLens/status`: one line and one tooltip about a document, sent whenever they become others. */
import type { Connection } from 'vscode-languageserver/node';
import { statusMethod } from '../protocol.ts';
import type { StatusParams } from '../protocol.ts';
import { statusTooltip } from '../render/hover.ts';
import { statusText } from '../render/labels.ts';
import type { DocumentEvidence } from './measurement.ts';
import { failureText } from './outcome.ts';
import type { DocumentView } from './view.ts';

/** `evidence` may be newer than the one of the view: its state changes more often than what is shown. */
export function documentStatus(view: DocumentView, evidence: DocumentEvidence): StatusParams {
  const { overview, document, configuration } = view;
  return {
    uri: document.uri,
    state: configuration.shown.enable ? stateOf(view, evidence) : 'off',
    text: statusText(overview),
    tooltip: [evidence.failure && failureText(evidence.failure), statusTooltip(overview)].filter(Boolean).join('\n\n'),
  };
}

function stateOf({ overview: { image } }: DocumentView, { state }: DocumentEvidence): StatusParams['state'] {
  return state === 'measured' && image !== undefined && image.matches !== 'exact' && image.matches !== 'unknown'
    ? 'stale'
    : state;
}

export interface StatusSender {
  send(status: StatusParams): void;
  forget(uri: string): void;
}

export function createStatusSender(connection: Connection): StatusSender {
  const sent = new Map<string, string>();
  return {
    send(status) {
      const written = JSON.stringify(status);
      if (sent.get(status.uri) !== written) {
        sent.set(status.uri, written);
        void connection.sendNotification(statusMethod, status);
      }
    },
    forget(uri) {
      sent.delete(uri);
    },
  };
}
