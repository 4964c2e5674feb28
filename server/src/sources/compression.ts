/** What bytes are, by their first few, and streams of them without their compression. Names and media types are not asked. */
import { PassThrough, Readable, Transform, type Duplex, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { blockSize, checkHeader } from '../image/tar-header.ts';
import { SourceError } from './source.ts';
import { cutAtFrames, DamagedZstd } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** How many first bytes `contentOf` wants: one tar header. */
export const sniffLength = blockSize;

export type Content =
  | { readonly kind: 'tar' }
  | { readonly kind: 'gzip' | 'zstd' }
  | { readonly kind: 'json' | 'empty' }
  /** `what` ends a sentence: "it is …". */
  | { readonly kind: 'foreign'; readonly what: string };

export function contentOf(first: Uint8Array): Content {
  if (first.length === 0) {
    return { kind: 'empty' };
  }
  if (first[0] === 0x1f && first[1] === 0x8b) {
    return { kind: 'gzip' };
  }
  if (isZstd(first)) {
    return { kind: 'zstd' };
  }
  if (looksLikeTar(first)) {
    return { kind: 'tar' };
  }
  const text = new TextDecoder('latin1').decode(first).replace(/^(\u00EF\u00BB\u00BF)?\s*/, '');
  if (text.startsWith('{') || text.startsWith('[')) {
    return { kind: 'json' };
  }
  return { kind: 'foreign', what: foreignKind(text, first) };
}

/** A frame of zstd, or one that readers of zstd skip, which may stand before it. */
function isZstd(first: Uint8Array): boolean {
  const [a, b, c, d] = first;
  const isFrame = a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd;
  const isSkippable = a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18;
  return isFrame || isSkippable;
}

/** The ustar mark, else a header with the right checksum (v7), or the zeros of an empty archive. */
function looksLikeTar(first: Uint8Array): boolean {
  if (first.length < blockSize) {
    return false;
  }
  // A copy: a Buffer is a window on memory of any length.
  const header = Uint8Array.from(first.subarray(0, blockSize));
  const hasMark = new TextDecoder('latin1').decode(header.subarray(257, 262)) === 'ustar';
  return hasMark || checkHeader(header, 0, new Int32Array(header.buffer), 0) !== 'damaged';
}

function foreignKind(text: string, first: Uint8Array): string {
  const signatures: readonly (readonly [string, string])[] = [
    ['PK\u0003\u0004', 'a zip archive'],
    ['PK\u0005\u0006', 'a zip archive'],
    ['\u00FD7zXZ', 'compressed with xz; decompress it first (`xz -d`)'],
    ['BZh', 'compressed with bzip2; decompress it first (`bzip2 -d`)'],
    ['7z\u00BC\u00AF', 'a 7z archive'],
    ['\u007FELF', 'a program'],
    ['hsqs', 'a squashfs file system'],
    ['FROM ', 'a Dockerfile'],
    ['# syntax', 'a Dockerfile'],
  ];
  const known = signatures.find(([start]) => text.startsWith(start));
  if (known !== undefined) {
    return known[1];
  }
  if (/^<(!doctype html|html|head|body)/i.test(text)) {
    return 'an HTML page, such as a log-in or error page saved by a download';
  }
  if (text.startsWith('<')) {
    return 'an XML or HTML text';
  }
  return first.every((byte) => byte >= 0x09 && byte < 0x7f) ? 'a text' : 'something else';
}

/** Node's zlib is several times as fast with chunks of this size as with its own 16 KiB. */
const chunkSize = 1 << 20;

/**
 * Passes a stream on without its compression. Throws SourceError('corrupt') where the compressed bytes are damaged or end too
 * early; `name` starts the sentence.
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* source;
    return;
  }
  const output = new PassThrough({ readableHighWaterMark: chunkSize });
  const pieces = compression === 'zstd' ? cutAtFrames(source) : source;
  const run = pipeline(Readable.from(pieces, { objectMode: true }), decompressor(compression), output, { signal });
  // The error is thrown by the loop below; without this it would also be an unhandled rejection.
  const failure = run.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    for await (const chunk of output) {
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw asDecompressionError(error, compression, name);
  } finally {
    output.destroy();
    await failure;
  }
}

function asDecompressionError(error: unknown, compression: Compression, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof DamagedZstd || /^(Z_|ERR__?ZSTD|ZSTD_|ERR_ZLIB)/.test(code)) {
    return new SourceError('corrupt', `${name} is cut off or damaged: its ${compression} data cannot be read.`, {
      hint: 'Write or download the image again.',
      cause: error,
    });
  }
  return error;
}

function decompressor(compression: 'gzip' | 'zstd'): Duplex {
  if (compression === 'gzip') {
    return zlib.createGunzip({ chunkSize });
  }
  return nativeZstd() ?? fzstdTransform();
}

/** Node has zstd since 22.15. */
function nativeZstd(): Duplex | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof create === 'function' ? (Reflect.apply(create, zlib, [{ chunkSize }]) as Duplex) : undefined;
}

export function fzstdTransform(): Duplex {
  let push: (chunk: Uint8Array) => void = () => undefined;
  let sawData = false;
  const reader = new Decompress((chunk) => {
    sawData ||= chunk.length > 0;
    push(chunk);
  });
  const guarded = (work: () => void, done: TransformCallback): void => {
    try {
      work();
    } catch (error) {
      done(new DamagedZstd(error instanceof Error ? error.message : 'damaged'));
      return;
    }
    done();
  };
  return new Transform({
    readableHighWaterMark: chunkSize,
    transform(chunk: Uint8Array, _encoding, done) {
      push = (part) => this.push(part);
      guarded(() => reader.push(chunk), done);
    },
    flush(done) {
      push = (part) => part.length > 0 && this.push(part);
      guarded(() => reader.push(new Uint8Array(0), true), done);
    },
  });
}
