/** Reads images in a thread of its own, which is started with the first of them and ends when there are none for a while. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ImageFacts } from '../image/image.ts';
import type { ReadOptions } from './read-options.ts';
import { receiveError, type FromReader, type ToReader } from './reader-messages.ts';
import { cancelled, SourceError } from './source.ts';

export interface Reader extends AsyncDisposable {
  /** Throws SourceError. */
  read(source: string, options: ReadOptions, signal: AbortSignal): Promise<ImageFacts>;
  /** Reads that run end as cancelled. */
  close(): Promise<void>;
}

export interface ReaderOptions {
  /** The bundled thread; default: beside the program. */
  readonly workerPath?: string;
  readonly idleMilliseconds?: number;
}

export function createReader(options: ReaderOptions = {}): Reader {
  const state: State = {
    workerPath: options.workerPath,
    idleMilliseconds: options.idleMilliseconds ?? 30_000,
    worker: undefined,
    reads: new Map(),
    lastId: 0,
    idle: undefined,
    closed: false,
  };
  const close = async (): Promise<void> => {
    state.closed = true;
    failAll(state, cancelled());
    await stop(state);
  };
  return {
    read: (source, options, signal) => read(state, source, options, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Read {
  readonly options: ReadOptions;
  readonly resolve: (facts: ImageFacts) => void;
  readonly reject: (error: Error) => void;
}

interface State {
  readonly workerPath: string | undefined;
  readonly idleMilliseconds: number;
  worker: Worker | undefined;
  readonly reads: Map<number, Read>;
  lastId: number;
  idle: NodeJS.Timeout | undefined;
  closed: boolean;
}

function read(state: State, source: string, options: ReadOptions, signal: AbortSignal): Promise<ImageFacts> {
  if (signal.aborted || state.closed) {
    return Promise.reject(cancelled());
  }
  clearTimeout(state.idle);
  const worker = (state.worker ??= start(state));
  worker.ref();
  const id = ++state.lastId;
  const { progress: _progress, note: _note, ...sent } = options;
  return new Promise<ImageFacts>((resolve, reject) => {
    const onAbort = (): void => {
      post(worker, { kind: 'cancel', id });
      settle(state, id)?.reject(cancelled());
    };
    const settled = <T>(then: (value: T) => void) => {
      return (value: T): void => {
        signal.removeEventListener('abort', onAbort);
        then(value);
      };
    };
    state.reads.set(id, { options, resolve: settled(resolve), reject: settled(reject) });
    signal.addEventListener('abort', onAbort, { once: true });
    post(worker, { kind: 'read', id, source, options: sent });
  });
}

function post(worker: Worker, message: ToReader): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(message);
}

/** Takes a read out of the list; the thread may end when it was the last. */
function settle(state: State, id: number): Read | undefined {
  const found = state.reads.get(id);
  state.reads.delete(id);
  if (state.reads.size === 0 && state.worker !== undefined) {
    // An idle thread does not keep the program alive.
    state.worker.unref();
    clearTimeout(state.idle);
    state.idle = setTimeout(() => void stop(state), state.idleMilliseconds);
    state.idle.unref();
  }
  return found;
}

function start(state: State): Worker {
  const worker = new Worker(state.workerPath ?? join(__dirname, 'reader.js'), { name: 'layer-lens-reader' });
  worker.on('message', (message: FromReader) => receive(state, message));
  const lost = (why: string): void => {
    if (state.worker === worker) {
      state.worker = undefined;
      failAll(
        state,
        new SourceError('unreachable', `The reader stopped: ${why}.`, { hint: 'Measure the image again.' }),
      );
    }
  };
  worker.on('error', (error) => lost(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => lost(`it ended with code ${code}`));
  return worker;
}

function receive(state: State, message: FromReader): void {
  const found = state.reads.get(message.id);
  switch (message.kind) {
    case 'progress':
      found?.options.progress(message.progress);
      break;
    case 'note':
      found?.options.note?.(message.sentence);
      break;
    case 'done':
      settle(state, message.id)?.resolve(message.facts);
      break;
    case 'failed':
      settle(state, message.id)?.reject(receiveError(message.error));
      break;
  }
}

function failAll(state: State, error: SourceError): void {
  for (const id of state.reads.keys()) {
    settle(state, id)?.reject(error);
  }
}

async function stop(state: State): Promise<void> {
  clearTimeout(state.idle);
  const { worker } = state;
  state.worker = undefined;
  await worker?.terminate();
}
