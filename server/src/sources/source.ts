/** What every way of reaching an image looks like from outside, and how the world's failures are told. */

export type SourceErrorKind =
  'not-found' | 'denied' | 'unreachable' | 'corrupt' | 'foreign' | 'unsupported' | 'no-such-platform' | 'cancelled';

/** The world is not as hoped. `message` is one sentence for people; `hint` says what to do. Caught in lsp/evidence.ts and cli/main.ts only. */
export class SourceError extends Error {
  readonly kind: SourceErrorKind;
  readonly hint: string | undefined;

  constructor(kind: SourceErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SourceError';
    this.kind = kind;
    this.hint = options.hint;
  }
}

/** First byte and length; bytes. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** A named blob of an image. */
export interface Blob {
  readonly size: number | undefined;
  stream(range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Reads at a position into `target`, returns how many bytes came; present for files on disk: the seek walk. */
  readonly readAt: ((target: Uint8Array, position: number) => number) | undefined;
}

/** Named blobs: a folder, a tar file, a registry, an engine's export. */
export interface BlobStore extends AsyncDisposable {
  open(name: string, signal: AbortSignal): Promise<Blob | undefined>;
}

/** What a reader tells while it works. Bytes read of bytes expected; the latter is undefined for streams of unknown length. */
export interface ReadProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number | undefined;
}

export function cancelled(): SourceError {
  return new SourceError('cancelled', 'Reading was cancelled.');
}
