/** Digests of bytes as they pass. */
import { createHash, type Hash } from 'node:crypto';
import type { DiffId, Digest } from '../image/image.ts';

export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): string;
}

/** Of the algorithm that `like` was made with: `sha256:…` or `sha512:…`. */
export function hasher(like: string): Hasher {
  const algorithm = like.startsWith('sha512:') ? 'sha512' : 'sha256';
  const hash: Hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => `${algorithm}:${hash.digest('hex')}`,
  };
}

export function digestOf(bytes: Uint8Array, like: string): string {
  const whole = hasher(like);
  whole.update(bytes);
  return whole.digest();
}

/** The blob's path in an OCI layout. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The digest that a path of an OCI layout promises. */
export function digestOfPath(path: string): string | undefined {
  const parts = /(?:^|\/)blobs\/(sha256\/[0-9a-f]{64}|sha512\/[0-9a-f]{128})$/.exec(path);
  return parts?.[1]?.replace('/', ':');
}

/** Text that a reader found to be a digest, under its name. */
export function asDigest(text: string): Digest {
  return text as Digest;
}

export function asDiffId(text: string): DiffId {
  return text as DiffId;
}
