/** Walks the headers of a tar on disk and jumps over the data: a 2 GB archive takes as long as its headers. */
import { setImmediate } from 'node:timers/promises';
import { tarParser, type TarEntry } from '../image/tar.ts';
import { cancelled, SourceError } from './source.ts';

export interface SeekableTar {
  /** For messages: `app.tar`, `layer sha256:… of app.tar`. */
  readonly name: string;
  readonly size: number;
  /** Reads at a position into `target`, answers how many bytes came: fewer than it holds at the end. */
  readonly readAt: (target: Uint8Array, position: number) => number;
}

/**
 * Window sizes. A window grows while headers follow each other closely and is small again after a jump. On real trees half of
 * the files have less than 2 kB, so that 8 KiB hold a few headers, and cost little more to read than one header alone.
 */
const windowSizes = [8, 16, 32, 64].map((kibibytes) => kibibytes * 1024);
/** Reads are synchronous, many times as fast as asynchronous ones of this size; others get their turn every so often. */
const turnMilliseconds = 8;

/** `onProgress` gets the position. Throws SourceError for a tar that is cut off or damaged. */
export async function walkTar(
  tar: SeekableTar,
  onEntry: (entry: TarEntry) => void,
  signal: AbortSignal,
  onProgress?: (position: number) => void,
): Promise<void> {
  const parser = tarParser(onEntry);
  const windows = newWindows();
  let step = 0;
  let turnEnds = performance.now() + turnMilliseconds;
  let position = 0;
  while (position < tar.size && !parser.finished) {
    const window = windows[step]!;
    const length = tar.readAt(window, position);
    if (length === 0) {
      break;
    }
    const problem = parser.feed(length === window.length ? window : window.subarray(0, length));
    if (problem !== undefined) {
      throw brokenTar(tar.name, problem.says);
    }
    const jump = parser.jump(tar.size - position - length);
    step = jump === 0 ? Math.min(step + 1, windows.length - 1) : 0;
    position += length + jump;
    if (performance.now() > turnEnds) {
      onProgress?.(position);
      await setImmediate();
      if (signal.aborted) {
        throw cancelled();
      }
      turnEnds = performance.now() + turnMilliseconds;
    }
  }
  const problem = parser.end();
  if (problem !== undefined) {
    throw brokenTar(tar.name, problem.says);
  }
}

/** Views of one piece of memory: it stays in the processor's cache. */
function newWindows(): readonly Uint8Array[] {
  const memory = new ArrayBuffer(windowSizes.at(-1)!);
  return windowSizes.map((size) => new Uint8Array(memory, 0, size));
}

export function brokenTar(name: string, says: string): SourceError {
  return new SourceError('corrupt', `${name} ${says}.`, { hint: 'Write or download the archive again.' });
}
