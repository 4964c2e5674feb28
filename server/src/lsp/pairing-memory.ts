/** Pairings between sessions. Writing waits for a pause and its failure is no news: the pairing then lasts as long as the document is open. */
import { readPairing, writePairing } from '../sources/pairings.ts';
import type { Pairing } from '../sources/pairings.ts';

export interface PairingMemory {
  /** Nothing for documents that are no file. */
  recall(path: string | undefined): Promise<Pairing | undefined>;
  remember(path: string | undefined, pairing: Pairing): void;
  /** Resolves when everything that was to be remembered is on disk. */
  flush(): Promise<void>;
}

const pause = 500;

export function createPairingMemory(folder: string, log: (sentence: string) => void): PairingMemory {
  const waiting = new Map<string, Pairing>();
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let complained = false;

  async function writeAll(): Promise<void> {
    const all = [...waiting];
    waiting.clear();
    for (const [path, pairing] of all) {
      try {
        await writePairing(folder, path, pairing);
      } catch (error) {
        if (!complained) {
          complained = true;
          log(
            `Which images belong to which Dockerfiles cannot be remembered: ${error instanceof Error ? error.message : String(error)}.`,
          );
        }
      }
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeAll);
    return writing;
  }

  return {
    async recall(path) {
      return path === undefined ? undefined : (waiting.get(path) ?? (await readPairing(folder, path)));
    },
    remember(path, pairing) {
      if (path !== undefined) {
        waiting.set(path, pairing);
        timer ??= setTimeout(() => void flush(), pause);
      }
    },
    flush,
  };
}
