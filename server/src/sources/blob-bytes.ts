/** Small amounts of a blob's bytes, in memory. A file on disk is read in place: a stream takes a hundred times as long to start. */
import { peek } from './peek.ts';
import type { Blob } from './source.ts';

/** As many as there are, at most `length`. */
export async function firstBytes(blob: Blob, length: number): Promise<Uint8Array> {
  if (blob.readAt !== undefined) {
    return readInPlace(blob.readAt, length);
  }
  const { first, close } = await peek(blob.stream({ start: 0, length }), length);
  await close();
  return first;
}

/** The whole blob; undefined where it is larger than `limit`. */
export async function allBytes(blob: Blob, limit: number): Promise<Uint8Array | undefined> {
  const bytes = await firstBytes(blob, Math.min(blob.size ?? limit + 1, limit + 1));
  return bytes.length > limit ? undefined : bytes;
}

function readInPlace(readAt: NonNullable<Blob['readAt']>, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = readAt(bytes.subarray(filled), filled);
    if (count === 0) {
      break;
    }
    filled += count;
  }
  return bytes.subarray(0, filled);
}
