/** Work-done progress of something that takes time, in whichever of the protocol's two ways the client has. */
import type { Connection, WorkDoneProgressReporter, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import { progress as amount } from '../render/phrases.ts';
import type { ReadProgress } from '../sources/source.ts';

export interface Progress {
  report(progress: ReadProgress): void;
  /** Aborted where a person stops it. */
  readonly signal: AbortSignal;
  end(): void;
}

/** Of a request that brought a token along: the client draws it, and stops it by cancelling the request. */
export function requestedProgress(reporter: WorkDoneProgressReporter, title: string): Progress {
  reporter.begin(title, 0, undefined, true);
  return { report: reportTo(reporter), signal: new AbortController().signal, end: () => reporter.done() };
}

/** Of work that the server began. Nothing is drawn before `delay` milliseconds: most reading is over by then. */
export function backgroundProgress(connection: Connection, title: string, delay: number): Progress {
  const stopped = new AbortController();
  let report: ((progress: ReadProgress) => void) | undefined;
  let ended = false;
  let reporter: WorkDoneProgressServerReporter | undefined;
  const timer = setTimeout(() => {
    // A client that refuses gets no progress.
    draw().catch(() => undefined);
  }, delay);

  /** The work does not wait for this: a client may be slow to answer `window/workDoneProgress/create`, or never do. */
  async function draw(): Promise<void> {
    const created = await connection.window.createWorkDoneProgress();
    created.begin(title, 0, undefined, true);
    if (ended) {
      created.done();
      return;
    }
    created.token.onCancellationRequested(() => {
      stopped.abort();
    });
    reporter = created;
    report = reportTo(created);
  }

  return {
    report: (progress) => report?.(progress),
    signal: stopped.signal,
    end() {
      ended = true;
      clearTimeout(timer);
      reporter?.done();
    },
  };
}

/** Ten times a second is plenty for an eye, and little for a client. */
const interval = 100;

function reportTo(reporter: WorkDoneProgressReporter): (progress: ReadProgress) => void {
  let last = 0;
  return ({ what, done, total }) => {
    const now = Date.now();
    if (now - last < interval) {
      return;
    }
    last = now;
    const message = `${what} · ${amount(done, total)}`;
    if (total === undefined || total === 0) {
      reporter.report(message);
    } else {
      reporter.report(Math.min(100, Math.floor((100 * done) / total)), message);
    }
  };
}
