/** Builds that somebody starts in a terminal, heard of once for all documents that share an engine. */
import { watchBuilds } from '../sources/buildx-watch.ts';
import type { DockerOptions } from '../sources/images.ts';

export interface BuildWatch extends Disposable {
  /** From now on; calling it again changes nothing. */
  watch(docker: DockerOptions): void;
}

export function createBuildWatch(heard: () => void): BuildWatch {
  const watchers = new Map<string, Disposable>();
  return {
    watch(docker) {
      const key = JSON.stringify([docker.path, docker.host]);
      if (!watchers.has(key)) {
        watchers.set(key, watchBuilds(docker, heard));
      }
    },
    [Symbol.dispose]() {
      for (const watcher of watchers.values()) {
        watcher[Symbol.dispose]();
      }
      watchers.clear();
    },
  };
}
