/** The layers of an opened image, read one after the other: from the cache, by a walk over their headers, or as a stream. */
import { indexBuilder, type IndexBuilder } from '../image/index-builder.ts';
import type { DiffId } from '../image/image.ts';
import { firstBytes } from './blob-bytes.ts';
import { contentOf, sniffLength, type Compression } from './compression.ts';
import { asDigest } from './digests.ts';
import type { ReadLayer } from './image-facts.ts';
import { indexCache, type IndexCache } from './index-cache.ts';
import { indexLayerStream } from './layer-stream.ts';
import type { LayerBlob, OpenedImage } from './open-image.ts';
import type { ReadOptions } from './read-options.ts';
import { walkTar } from './seek-walk.ts';
import { cancelled, SourceError, type Blob, type BlobStore } from './source.ts';

/** Undefined for a layer that is not there, and, where only sizes are wanted, for one that would have to be decompressed. */
export async function readLayers(
  store: BlobStore,
  opened: OpenedImage,
  name: string,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<(ReadLayer | undefined)[]> {
  const note = options.note ?? (() => undefined);
  const context: Context = {
    name,
    options,
    signal,
    note,
    builder: indexBuilder(),
    cache: indexCache({ folder: options.cacheFolder, bytes: options.cacheBytes, note }),
    progress: progressOf(opened, name, options),
  };
  const known = new Map<DiffId, ReadLayer | undefined>();
  const layers: (ReadLayer | undefined)[] = [];
  for (const layer of opened.layers) {
    if (!known.has(layer.diffId)) {
      known.set(layer.diffId, await readLayer(store, layer, context));
    }
    layers.push(known.get(layer.diffId));
  }
  return layers;
}

interface Context {
  readonly name: string;
  readonly options: ReadOptions;
  readonly signal: AbortSignal;
  readonly note: (sentence: string) => void;
  readonly builder: IndexBuilder;
  readonly cache: IndexCache;
  /** Counts bytes of blobs. */
  readonly progress: (bytes: number) => void;
}

function progressOf(opened: OpenedImage, name: string, { progress }: ReadOptions): (bytes: number) => void {
  const total = opened.layers.every(({ stored }) => stored !== undefined)
    ? opened.layers.reduce((sum, { stored }) => sum + (stored?.bytes ?? 0), 0)
    : undefined;
  let done = 0;
  return (bytes) => {
    done += bytes;
    progress({ what: name, done: total === undefined ? done : Math.min(done, total), total });
  };
}

async function readLayer(store: BlobStore, layer: LayerBlob, context: Context): Promise<ReadLayer | undefined> {
  const { name, options, signal } = context;
  if (signal.aborted) {
    throw cancelled();
  }
  const blob = await store.open(layer.path, signal);
  if (blob === undefined) {
    return missingLayer(layer, context);
  }
  if (layer.stored !== undefined && blob.size !== undefined && blob.size !== layer.stored.bytes) {
    throw new SourceError(
      'corrupt',
      `${layerName(layer, name)} has ${blob.size} bytes where its manifest says ${layer.stored.bytes}.`,
      { hint: 'Write or download the image again.' },
    );
  }
  const first = await firstBytes(blob, sniffLength);
  const compression = compressionOf(first, layer, name);
  if (compression === 'none' && blob.readAt !== undefined && blob.size !== undefined && options.verify !== true) {
    return walkLayer(layer, { size: blob.size, readAt: blob.readAt }, context);
  }
  const cached = options.verify === true ? undefined : await context.cache.get(layer.diffId);
  if (cached !== undefined) {
    context.progress(blob.size ?? 0);
    return { index: cached, verified: true, stored: layer.stored };
  }
  return options.contents ? streamLayer(layer, blob, compression, context) : undefined;
}

/** Layers that may not be distributed are named by a manifest without being there. */
function missingLayer(layer: LayerBlob, { name, note }: Context): undefined {
  if (!layer.isForeign) {
    throw missingBlob(layer, name);
  }
  note(`${layerName(layer, name)} may not be distributed and is not there: its size stays unknown.`);
  return undefined;
}

export function missingBlob(layer: LayerBlob, name: string): SourceError {
  return new SourceError('corrupt', `${layerName(layer, name)} is not in it.`, {
    hint: 'The image was not copied completely: save or pull it again.',
  });
}

export function compressionOf(first: Uint8Array, layer: LayerBlob, name: string): Compression {
  const content = contentOf(first);
  switch (content.kind) {
    case 'tar':
      return 'none';
    case 'gzip':
    case 'zstd':
      return content.kind;
    case 'empty':
      throw notALayer(layer, name, 'empty');
    case 'json':
      throw notALayer(layer, name, 'a JSON document');
    case 'foreign':
      throw notALayer(layer, name, content.what);
  }
}

function notALayer(layer: LayerBlob, name: string, what: string): SourceError {
  return new SourceError('corrupt', `${layerName(layer, name)} is no layer; it is ${what}.`, {
    hint: 'Write or download the image again.',
  });
}

export function layerName({ diffId }: Pick<LayerBlob, 'diffId'>, name: string): string {
  return `Layer ${diffId.slice(0, 19)} of ${name}`;
}

async function walkLayer(
  layer: LayerBlob,
  tar: { readonly size: number; readonly readAt: NonNullable<Blob['readAt']> },
  { name, builder, signal, progress }: Context,
): Promise<ReadLayer> {
  let told = 0;
  try {
    await walkTar(
      { name: layerName(layer, name), ...tar },
      (entry) => builder.add(entry),
      signal,
      (position) => {
        progress(position - told);
        told = position;
      },
    );
  } catch (error) {
    builder.reset();
    throw error;
  }
  progress(tar.size - told);
  // An uncompressed blob is the layer's tar itself: stored under the digest that is its diff id.
  const stored = layer.stored ?? { digest: asDigest(layer.diffId), bytes: tar.size };
  return { index: builder.finish(tar.size), verified: false, stored };
}

async function streamLayer(
  layer: LayerBlob,
  blob: Blob,
  compression: Compression,
  { name, builder, signal, progress, cache }: Context,
): Promise<ReadLayer> {
  const passed = await indexLayerStream(
    {
      name: layerName(layer, name),
      compression,
      digest: layer.stored?.digest ?? '',
      diffId: layer.diffId,
      bytes: blob.stream(),
    },
    builder,
    signal,
    progress,
  );
  if ((layer.stored !== undefined && passed.digest !== layer.stored.digest) || passed.diffId !== layer.diffId) {
    throw wrongBytes(layer, name);
  }
  await cache.put(layer.diffId, passed.index);
  const stored = layer.stored ?? { digest: asDigest(passed.digest), bytes: passed.storedBytes };
  return { index: passed.index, verified: true, stored };
}

export function wrongBytes(layer: LayerBlob, name: string): SourceError {
  return new SourceError(
    'corrupt',
    `${layerName(layer, name)} is damaged: its bytes do not have the digest they should.`,
    {
      hint: 'Write or download the image again.',
    },
  );
}
