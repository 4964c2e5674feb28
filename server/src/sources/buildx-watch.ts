/**
 * Notices builds that somebody runs in a terminal. buildx notes every build in a folder as it starts; from then on,
 * and only until that build has ended, its builder is asked how far it is. Without builds nothing runs but a watch on folders.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { listBuilds } from './buildx-history.ts';
import { readRef, type BuildRef, type RefFolder } from './buildx-refs.ts';
import { watchRefFolders } from './buildx-ref-watch.ts';
import type { DockerOptions } from './read-options.ts';
import { SourceError } from './source.ts';

export interface WatchOptions {
  /** False: this Dockerfile's builds are nobody's business, so that its builder is not asked. Missing: all are wanted. */
  readonly wants?: (dockerfilePath: string) => boolean;
}

/** Calls `onBuild` when a build of a Dockerfile has completed, with the path as buildx noted it (links not resolved). */
export function watchBuilds(
  docker: DockerOptions,
  onBuild: (dockerfilePath: string) => void,
  options: WatchOptions = {},
): Disposable {
  const stop = new AbortController();
  const running = new Map<string, RunningBuild>();
  let asking = false;

  async function started(folder: RefFolder, id: string): Promise<void> {
    const ref = await readNewRef(folder, id, stop.signal);
    if (
      ref === undefined ||
      stop.signal.aborted ||
      running.size >= maxRunning ||
      options.wants?.(ref.dockerfile) === false
    ) {
      return;
    }
    running.set(ref.id, running.get(ref.id) ?? { ref, since: Date.now(), unknown: 0 });
    if (!asking) {
      asking = true;
      await askUntilEnded(running, docker, onBuild, stop.signal).finally(() => (asking = false));
    }
  }

  const folders = watchRefFolders(docker, (folder, id) => void started(folder, id));
  return {
    [Symbol.dispose]: () => {
      stop.abort();
      folders[Symbol.dispose]();
    },
  };
}

interface RunningBuild {
  readonly ref: BuildRef;
  readonly since: number;
  /** How often its builder did not know it: notes of another engine's builds, and of what never started, look the same. */
  unknown: number;
}

const maxRunning = 16;
const longestBuild = 4 * 60 * 60 * 1000;
const firstPause = 300;
const longestPause = 5000;
const patience = 5;

/** buildx writes the note in one go, but the watch may be quicker. */
async function readNewRef(folder: RefFolder, id: string, signal: AbortSignal): Promise<BuildRef | undefined> {
  await pause(50, signal);
  return (await readRef(folder, id)) ?? (await pause(300, signal), readRef(folder, id));
}

/** One question for all builds of a builder, less and less often. */
async function askUntilEnded(
  running: Map<string, RunningBuild>,
  docker: DockerOptions,
  onBuild: (path: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let newest = 0;
  for (let wait = firstPause; running.size > 0; wait = Math.min(wait * 1.5, longestPause)) {
    const latest = Math.max(...[...running.values()].map(({ since }) => since));
    wait = latest > newest ? firstPause : wait;
    newest = latest;
    await pause(wait, signal);
    if (signal.aborted) {
      return;
    }
    for (const builder of new Set([...running.values()].map(({ ref }) => ref.builder))) {
      settle(running, builder, await statuses(builder, docker, signal), onBuild);
    }
  }
}

/** Undefined where the builder could not be asked this time. */
async function statuses(
  builder: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const answer = await listBuilds(builder, docker, signal);
    return answer.kind === 'ok' ? new Map(answer.value.map(({ id, status }) => [id, status])) : undefined;
  } catch (error) {
    if (error instanceof SourceError) {
      return undefined;
    }
    throw error;
  }
}

function settle(
  running: Map<string, RunningBuild>,
  builder: string,
  found: ReadonlyMap<string, string> | undefined,
  onBuild: (path: string) => void,
): void {
  for (const [id, build] of running) {
    if (build.ref.builder !== builder) {
      continue;
    }
    const status = found?.get(id);
    build.unknown = status === undefined ? build.unknown + 1 : 0;
    const over = status !== undefined && status !== 'Running';
    if (over || build.unknown > patience || Date.now() - build.since > longestBuild) {
      running.delete(id);
    }
    if (status === 'Completed') {
      onBuild(build.ref.dockerfile);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
