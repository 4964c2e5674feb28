/** The reader's thread: reads images for the language server, so that typing never waits for them. */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { readImage } from './images.ts';
import { sendError, type FromReader, type ToReader } from './reader-messages.ts';
import type { ReadProgress } from './source.ts';

if (parentPort !== null) {
  serveReads(parentPort);
}

export function serveReads(port: MessagePort): void {
  const running = new Map<number, AbortController>();
  port.on('message', (message: ToReader) => {
    switch (message.kind) {
      case 'read': {
        const controller = new AbortController();
        running.set(message.id, controller);
        void answer(port, message, controller.signal).finally(() => running.delete(message.id));
        break;
      }
      case 'cancel':
        running.get(message.id)?.abort();
        break;
    }
  });
}

async function answer(
  port: MessagePort,
  { id, source, options }: Extract<ToReader, { kind: 'read' }>,
  signal: AbortSignal,
): Promise<void> {
  const send = (message: FromReader): void => port.postMessage(message);
  try {
    const progress = throttled((progress) => send({ kind: 'progress', id, progress }));
    const note = (sentence: string): void => send({ kind: 'note', id, sentence });
    send({ kind: 'done', id, facts: await readImage(source, { ...options, progress, note }, signal) });
  } catch (error) {
    send({ kind: 'failed', id, error: sendError(error) });
  }
}

const progressMilliseconds = 100;

function throttled(tell: (progress: ReadProgress) => void): (progress: ReadProgress) => void {
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now >= next) {
      next = now + progressMilliseconds;
      tell(progress);
    }
  };
}
