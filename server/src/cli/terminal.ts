/** The streams and the environment that a command talks through. */
import { ansiPaint, noPaint, type Painter } from '../render/paint.ts';
import { progress, shortSource } from '../render/phrases.ts';
import { columns, cut, visible } from '../render/screen-text.ts';
import type { ReadProgress } from '../sources/source.ts';

export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Columns of the screen that stdout is; undefined for files and pipes. */
  readonly width: number | undefined;
  readonly painter: Painter;
  /** To stdout; resolves when it was taken. */
  readonly print: (text: string) => Promise<void>;
  /** To stderr, one line. */
  readonly note: (line: string) => void;
  /** To stderr, over and over in one line; nothing where stderr is no screen. */
  readonly progress: (progress: ReadProgress) => void;
  /** Takes the progress line away. */
  readonly quiet: () => void;
}

export function openTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const line = progressLine(stderr);
  return {
    env,
    folder: process.cwd(),
    width: stdout.isTTY ? stdout.columns : undefined,
    painter: wantsColour(stdout.isTTY, env) ? ansiPaint : noPaint,
    print: (text) =>
      new Promise((resolve) => {
        line.clear();
        stdout.write(text, () => {
          resolve();
        });
      }),
    note: (text) => {
      line.clear();
      stderr.write(`${text}\n`);
    },
    progress: line.show,
    quiet: line.clear,
  };
}

/** `FORCE_COLOR` is asked first, as Node itself does; then https://no-color.org. */
export function wantsColour(isScreen: boolean, env: NodeJS.ProcessEnv): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') {
    return force !== '0' && force !== 'false';
  }
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') {
    return false;
  }
  return isScreen && env['TERM'] !== 'dumb';
}

/** Short reads should not flicker: nothing in the first moments, and not more often than an eye follows. */
const pause = 150;

function progressLine(stderr: NodeJS.WriteStream): { show: (progress: ReadProgress) => void; clear: () => void } {
  let shown = '';
  let next = Date.now() + pause;
  return {
    show({ what, done, total }) {
      if (!stderr.isTTY || Date.now() < next) {
        return;
      }
      next = Date.now() + pause;
      shown = cut(visible(`reading ${shortSource(what)} · ${progress(done, total)}`), Math.max(20, stderr.columns - 1));
      stderr.write(`\r${shown}\u001b[K`);
    },
    clear() {
      if (columns(shown) > 0) {
        shown = '';
        stderr.write('\r\u001b[K');
      }
    },
  };
}
