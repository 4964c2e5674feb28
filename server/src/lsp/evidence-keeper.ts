/** The evidence of all open documents: who is open, whether the workspace is trusted, and what concerns them all. */
import { listImages } from '../sources/engine.ts';
import type { ListedImage } from '../sources/engine.ts';
import { isFileSource } from '../sources/source-files.ts';
import { createBuildWatch } from './build-watch.ts';
import { createEvidence } from './evidence.ts';
import type { EvidenceOfDocument, Surroundings } from './evidence.ts';
import type { DocumentEvidence } from './measurement.ts';
import { settle } from './outcome.ts';
import type { Failure, Outcome, Settled } from './outcome.ts';
import type { Progress } from './progress.ts';

export interface EvidenceKeeper {
  of(uri: string): DocumentEvidence | undefined;
  opened(uri: string, path: string | undefined): void;
  closed(uri: string): void;
  /** Saved, or its settings became others. */
  recheck(uri: string): void;
  textChanged(uri: string): void;
  matched(uri: string, text: string): void;
  measure(uri: string, source: string, progress: Progress, signal: AbortSignal): Promise<Outcome>;
  clear(uri: string): void;
  images(signal: AbortSignal): Promise<Settled<readonly ListedImage[]>>;
  /** The workspace has become trusted. */
  trust(): void;
  dispose(): void;
}

/** Longer than the pause between two keys. */
const baseDelay = 300;

const notTrusted: Failure = {
  message: 'No engine is asked in a workspace that is not trusted.',
  hint: 'Trust the workspace, or open an image archive instead.',
};

export function createEvidenceKeeper(
  around: Omit<Surroundings, 'trusted'>,
  { trusted: trustedAtStart }: { readonly trusted: boolean },
): EvidenceKeeper {
  const { configurations, guard } = around;
  const open = new Map<string, EvidenceOfDocument>();
  const timers = new Map<string, NodeJS.Timeout>();
  const builds = createBuildWatch(() => {
    for (const evidence of open.values()) {
      guard.work('looking at a new build', () => evidence.afterBuild());
    }
  });
  let trusted = trustedAtStart;
  const surroundings: Surroundings = { ...around, trusted: () => trusted };

  function gather(uri: string): void {
    guard.work('gathering evidence', async () => {
      const { docker, autoPair, shown } = await configurations.of(uri);
      const evidence = open.get(uri);
      if (evidence && trusted && autoPair && shown.enable) {
        builds.watch(docker);
      }
      await evidence?.gather();
    });
  }

  function close(uri: string): void {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
    open.get(uri)?.close();
    open.delete(uri);
  }

  return {
    of: (uri) => open.get(uri)?.known,
    opened(uri, path) {
      close(uri);
      open.set(uri, createEvidence(uri, path, surroundings));
      gather(uri);
    },
    closed: close,
    recheck: gather,
    textChanged(uri) {
      clearTimeout(timers.get(uri));
      const readBases = (): void => guard.work('reading base images', async () => open.get(uri)?.readBases());
      timers.set(uri, setTimeout(readBases, baseDelay));
    },
    matched(uri, text) {
      open.get(uri)?.matched(text);
    },
    async measure(uri, source, progress, signal) {
      const evidence = open.get(uri);
      if (evidence && (trusted || isFileSource(source))) {
        return await evidence.measure(source, progress, signal);
      }
      progress.end();
      return { kind: 'failed', failure: evidence ? notTrusted : notOpen };
    },
    clear(uri) {
      open.get(uri)?.clear();
    },
    async images(signal) {
      if (!trusted) {
        return { kind: 'failed', failure: notTrusted };
      }
      // The engine is a setting of the machine: every document has the same.
      const { docker } = await configurations.of([...open.keys()][0] ?? 'untitled:Dockerfile');
      return await settle(listImages(docker, signal), signal);
    },
    trust() {
      trusted = true;
      [...open.keys()].forEach(gather);
    },
    dispose() {
      builds[Symbol.dispose]();
      [...open.keys()].forEach(close);
    },
  };
}

const notOpen: Failure = {
  message: 'This Dockerfile is not open.',
  hint: 'Open it in the editor first.',
};
