/**
 * The fence around every request and every piece of background work: cancellation becomes the protocol's answer, and a
 * bug stops the one thing it happened in. It is logged with what a report needs, and the server goes on.
 */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { CancellationToken } from 'vscode-languageserver/node';
import { version } from '../../../package.json';

export interface Guard {
  /** A handler for a request; a bug in it answers `whenBroken`. A ResponseError it throws is its answer. */
  request<P, R>(
    name: string,
    whenBroken: R,
    handler: (params: P, signal: AbortSignal) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R | ResponseError<never>>;
  /** Runs what nobody waits for: notifications, timers, evidence. */
  work(name: string, body: () => void | Promise<void>): void;
}

export function createGuard(write: (text: string) => void): Guard {
  const written = new Set<string>();

  /** Once each: a bug that meets every key stroke would bury everything else in the log. */
  function log(report: string): void {
    if (!written.has(report)) {
      written.add(report);
      write(report);
    }
  }

  return {
    request(name, whenBroken, handler) {
      return async (params, token) => {
        const { signal, dispose } = signalOf(token);
        try {
          const answer = await handler(params, signal);
          return signal.aborted ? cancelled() : answer;
        } catch (error) {
          if (error instanceof ResponseError) {
            return error as ResponseError<never>;
          }
          if (signal.aborted) {
            return cancelled();
          }
          log(bugReport(name, error));
          return whenBroken;
        } finally {
          dispose();
        }
      };
    },
    work(name, body) {
      // Through a promise, so that a synchronous throw takes the same way.
      Promise.resolve()
        .then(body)
        .catch((error: unknown) => {
          log(bugReport(name, error));
        });
    },
  };
}

/** What somebody needs to see to find the bug; no texts or paths of the user's beyond the stack. */
export function bugReport(where: string, error: unknown): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `Layer Lens ${version} met a bug in ${where} (node ${process.versions.node}, ${process.platform}-${process.arch}). The server goes on.`,
    `Please report it with these lines: https://github.com/layer-lens/layer-lens/issues`,
    detail,
  ].join('\n');
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

function signalOf(token: CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  const listener = token.onCancellationRequested(() => {
    controller.abort();
  });
  return {
    signal: controller.signal,
    dispose() {
      listener.dispose();
    },
  };
}
