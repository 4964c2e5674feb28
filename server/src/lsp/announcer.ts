/** Tells the client, without being asked, that a document looks different now: status, refreshes, sent diagnostics. */
import { CodeLensRefreshRequest, DiagnosticRefreshRequest, InlayHintRefreshRequest } from 'vscode-languageserver/node';
import type { Connection } from 'vscode-languageserver/node';
import type { Abilities } from './abilities.ts';
import { diagnostics } from './diagnostics.ts';
import type { DocumentEvidence } from './measurement.ts';
import type { Guard } from './guard.ts';
import { createStatusSender, documentStatus } from './status.ts';
import type { DocumentView } from './view.ts';

export interface Announcer {
  /** The client asks for lenses by itself after an edit; it must be told of everything else. */
  textChanged(uri: string): void;
  changed(uri: string): void;
  closed(uri: string): void;
  dispose(): void;
}

export interface AnnouncerSetup {
  readonly connection: Connection;
  readonly abilities: Abilities;
  readonly guard: Guard;
  readonly view: (uri: string) => Promise<DocumentView | undefined>;
  readonly evidence: (uri: string) => DocumentEvidence | undefined;
}

/** Typing is not followed key by key. */
const typingDelay = 150;
/** Evidence comes in bursts. */
const burstDelay = 20;

export function createAnnouncer({ connection, abilities, guard, view, evidence }: AnnouncerSetup): Announcer {
  const statuses = createStatusSender(connection);
  const timers = new Map<string, NodeJS.Timeout>();
  let refreshTimer: NodeJS.Timeout | undefined;

  function tell(uri: string, delay: number): void {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        guard.work('telling what is known', () => tellNow(uri));
      }, delay),
    );
  }

  async function tellNow(uri: string): Promise<void> {
    const seen = await view(uri);
    const known = evidence(uri);
    if (!seen || !known) {
      return;
    }
    statuses.send(documentStatus(seen, known));
    if (!abilities.pullsDiagnostics) {
      const { version } = seen.document;
      const told = { uri, diagnostics: diagnostics(seen, abilities) };
      await connection.sendDiagnostics(abilities.diagnosticVersion ? { ...told, version } : told);
    }
  }

  function refresh(): void {
    refreshTimer ??= setTimeout(() => {
      refreshTimer = undefined;
      const requests = [
        abilities.refreshCodeLens && CodeLensRefreshRequest.type,
        abilities.refreshInlayHints && InlayHintRefreshRequest.type,
        abilities.pullsDiagnostics && abilities.refreshDiagnostics && DiagnosticRefreshRequest.type,
      ];
      for (const request of requests) {
        if (request) {
          // A client that refuses will show the new state with its next question.
          connection.sendRequest(request).catch(() => undefined);
        }
      }
    }, burstDelay);
  }

  return {
    textChanged: (uri) => {
      tell(uri, typingDelay);
    },
    changed(uri) {
      refresh();
      tell(uri, burstDelay);
    },
    closed(uri) {
      clearTimeout(timers.get(uri));
      timers.delete(uri);
      statuses.forget(uri);
      if (!abilities.pullsDiagnostics) {
        void connection.sendDiagnostics({ uri, diagnostics: [] });
      }
    },
    dispose() {
      clearTimeout(refreshTimer);
      timers.forEach((timer) => {
        clearTimeout(timer);
      });
    },
  };
}
