/** A layer that passes by: its index and its digests in one go, without holding its bytes. */
import type { IndexBuilder } from '../image/index-builder.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { tarParser } from '../image/tar.ts';
import { decompressed, type Compression } from './compression.ts';
import { hasher } from './digests.ts';
import { brokenTar } from './seek-walk.ts';
import { cancelled } from './source.ts';

export interface PassedLayer {
  readonly index: LayerIndex;
  /** Computed over all bytes: uncompressed, and as stored. */
  readonly diffId: string;
  readonly digest: string;
  readonly storedBytes: number;
}

export interface LayerStream {
  /** For messages. */
  readonly name: string;
  readonly compression: Compression;
  /** The digests that are promised, for their algorithm. */
  readonly digest: string;
  readonly diffId: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads to the end. `onBytes` gets the number of stored bytes of each piece. Throws SourceError. */
export async function indexLayerStream(
  layer: LayerStream,
  builder: IndexBuilder,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<PassedLayer> {
  const storedHash = hasher(layer.digest);
  const tarHash = layer.compression === 'none' && sameAlgorithm(layer) ? storedHash : hasher(layer.diffId);
  const parser = tarParser((entry) => builder.add(entry));
  let storedBytes = 0;
  let tarBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of layer.bytes) {
      if (signal.aborted) {
        throw cancelled();
      }
      storedBytes += piece.length;
      storedHash.update(piece);
      onBytes(piece.length);
      yield piece;
    }
  }
  try {
    for await (const piece of decompressed(counted(), layer.compression, layer.name, signal)) {
      tarBytes += piece.length;
      if (tarHash !== storedHash) {
        tarHash.update(piece);
      }
      const problem = parser.feed(piece);
      if (problem !== undefined) {
        throw brokenTar(layer.name, problem.says);
      }
    }
    const problem = parser.end();
    if (problem !== undefined) {
      throw brokenTar(layer.name, problem.says);
    }
  } catch (error) {
    builder.reset();
    throw signal.aborted ? cancelled() : error;
  }
  const digest = storedHash.digest();
  const diffId = tarHash === storedHash ? digest : tarHash.digest();
  return { index: builder.finish(tarBytes), diffId, digest, storedBytes };
}

function sameAlgorithm({ digest, diffId }: LayerStream): boolean {
  return digest.split(':')[0] === diffId.split(':')[0];
}
