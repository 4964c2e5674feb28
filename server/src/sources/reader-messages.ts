/** What the reader's thread and the one that asks say to each other. Plain data: it is copied between threads. */
import type { ImageFacts } from '../image/image.ts';
import type { ReadOptions } from './read-options.ts';
import { SourceError, type ReadProgress, type SourceErrorKind } from './source.ts';

export type ToReader =
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly source: string;
      readonly options: Omit<ReadOptions, 'progress' | 'note'>;
    }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromReader =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: ReadProgress }
  | { readonly kind: 'note'; readonly id: number; readonly sentence: string }
  | { readonly kind: 'done'; readonly id: number; readonly facts: ImageFacts }
  | { readonly kind: 'failed'; readonly id: number; readonly error: SentError };

/** Errors lose their class on the way to another thread. */
export type SentError =
  | {
      readonly is: 'source';
      readonly kind: SourceErrorKind;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | { readonly is: 'bug'; readonly message: string; readonly stack: string | undefined };

export function sendError(error: unknown): SentError {
  if (error instanceof SourceError) {
    return { is: 'source', kind: error.kind, message: error.message, hint: error.hint };
  }
  return error instanceof Error
    ? { is: 'bug', message: error.message, stack: error.stack }
    : { is: 'bug', message: String(error), stack: undefined };
}

export function receiveError(sent: SentError): Error {
  switch (sent.is) {
    case 'source':
      return new SourceError(sent.kind, sent.message, sent.hint === undefined ? {} : { hint: sent.hint });
    case 'bug': {
      const error = new Error(sent.message);
      if (sent.stack !== undefined) {
        error.stack = sent.stack;
      }
      return error;
    }
  }
}
