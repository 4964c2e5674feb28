/** An image that comes through a pipe: `docker save`'s stream, an engine's export, standard input, a compressed archive. */
import type { ImageFacts } from '../image/image.ts';
import { emptyFile, foreignFile, foreignTar, isImageArchive, jsonFile } from './archive-errors.ts';
import { contentOf, decompressed, sniffLength, type Content } from './compression.ts';
import { asDigest } from './digests.ts';
import { imageFacts, type ReadLayer } from './image-facts.ts';
import { indexCache, type IndexCache } from './index-cache.ts';
import { layerName, missingBlob, wrongBytes } from './layers.ts';
import { openImage, type LayerBlob, type OpenedImage } from './open-image.ts';
import { readPassingArchive, type PassedArchive } from './passing-archive.ts';
import { peek, type Peeked } from './peek.ts';
import type { ReadOptions } from './read-options.ts';
import { cancelled, SourceError } from './source.ts';

/**
 * Reads a `docker save` or OCI archive as it passes (gzip and zstd outer compression too), to its end.
 * `sourceName` is what ImageFacts.source will be; `reference` picks one of several images. Throws SourceError.
 */
export async function readImageStream(
  stream: AsyncIterable<Uint8Array>,
  sourceName: string,
  options: ReadOptions,
  signal: AbortSignal,
  reference?: string,
): Promise<ImageFacts> {
  if (signal.aborted) {
    throw cancelled();
  }
  const note = options.note ?? (() => undefined);
  const archive = await readArchive(stream, sourceName, options, signal);
  if (!isImageArchive(archive.topNames)) {
    throw archive.problem ?? foreignTar(sourceName, archive.topNames);
  }
  const opened = await open(archive, sourceName, options, signal, reference);
  const cache = indexCache({ folder: options.cacheFolder, bytes: options.cacheBytes, note });
  const layers: (ReadLayer | undefined)[] = [];
  for (const layer of opened.layers) {
    layers.push(await passedLayer(archive, layer, sourceName, cache, note));
  }
  return imageFacts(sourceName, opened, layers);
}

async function readArchive(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  { progress }: ReadOptions,
  signal: AbortSignal,
): Promise<PassedArchive> {
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    progress({ what: name, done, total: undefined });
  };
  const outer = await peek(stream, sniffLength);
  const content = contentOf(outer.first);
  if (content.kind !== 'gzip' && content.kind !== 'zstd') {
    await requireTar(outer, name);
    return await readPassingArchive(outer.whole, name, signal, onBytes);
  }
  const inner = await peek(decompressed(outer.whole, content.kind, name, signal), sniffLength);
  await requireTar(inner, name);
  return await readPassingArchive(inner.whole, name, signal, onBytes);
}

async function requireTar({ first, close }: Peeked, name: string): Promise<void> {
  const content = contentOf(first);
  if (content.kind !== 'tar') {
    await close();
    throw notAnArchive(content, name);
  }
}

function notAnArchive(content: Exclude<Content, { kind: 'tar' }>, name: string): SourceError {
  switch (content.kind) {
    case 'empty':
      return emptyFile(name);
    case 'json':
      return jsonFile(name);
    case 'gzip':
    case 'zstd':
      return foreignFile(name, 'compressed twice');
    case 'foreign':
      return foreignFile(name, content.what);
  }
}

/** An archive that broke off is told so, rather than what is missing in consequence. */
async function open(
  archive: PassedArchive,
  name: string,
  { platform, note = () => undefined }: ReadOptions,
  signal: AbortSignal,
  reference: string | undefined,
): Promise<OpenedImage> {
  try {
    return await openImage(archive.documents, { name, reference, platform, note }, signal);
  } catch (error) {
    throw error instanceof SourceError ? (archive.problem ?? error) : error;
  }
}

async function passedLayer(
  archive: PassedArchive,
  layer: LayerBlob,
  name: string,
  cache: IndexCache,
  note: (sentence: string) => void,
): Promise<ReadLayer | undefined> {
  const passed = archive.layer(layer.path);
  if (passed === undefined) {
    if (archive.problem === undefined && layer.isForeign) {
      note(`${layerName(layer, name)} may not be distributed and is not there: its size stays unknown.`);
      return undefined;
    }
    throw archive.problem ?? missingBlob(layer, name);
  }
  if (passed instanceof SourceError) {
    throw passed;
  }
  const wrongStored = layer.stored !== undefined && passed.digest !== layer.stored.digest;
  if (wrongStored || passed.diffId !== layer.diffId) {
    throw wrongBytes(layer, name);
  }
  await cache.put(layer.diffId, passed.index);
  const stored = layer.stored ?? { digest: asDigest(passed.digest), bytes: passed.storedBytes };
  return { index: passed.index, verified: true, stored };
}
