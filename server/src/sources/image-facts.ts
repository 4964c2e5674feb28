/** An opened image and what was read of its layers, put together. */
import type { Image, ImageFacts, Layer } from '../image/image.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { netBytes } from '../image/overlay.ts';
import { summarise } from '../image/summarise.ts';
import { indexCache } from './index-cache.ts';
import type { OpenedImage } from './open-image.ts';
import type { ReadOptions } from './read-options.ts';

export interface ReadLayer {
  readonly index: LayerIndex;
  /** The diff id was computed over the bytes that the index was made from. */
  readonly verified: boolean;
  readonly stored: Layer['stored'];
}

/** `layers` as many as the image has, undefined where one was not read. */
export function imageFacts(
  source: string,
  opened: OpenedImage,
  layers: readonly (ReadLayer | undefined)[],
): ImageFacts {
  const { platform, created, config, history } = opened.config;
  const image: Image = {
    id: opened.id,
    platform,
    created,
    config,
    history,
    layers: opened.layers.map(({ diffId, stored }, at) => measuredLayer({ diffId, stored }, layers[at])),
  };
  return { source, image, netBytes: netOf(layers) };
}

/**
 * The facts of an image whose layers are all known from earlier readings, without asking its source for a byte; undefined where
 * one is not.
 */
export async function factsFromCache(
  source: string,
  image: Image,
  options: ReadOptions,
): Promise<ImageFacts | undefined> {
  const cache = indexCache({
    folder: options.cacheFolder,
    bytes: options.cacheBytes,
    note: options.note ?? (() => undefined),
  });
  const layers: ReadLayer[] = [];
  for (const { diffId, stored } of image.layers) {
    const index = await cache.get(diffId);
    if (index === undefined) {
      return undefined;
    }
    layers.push({ index, verified: true, stored });
  }
  const measured = image.layers.map((layer, at) => measuredLayer(layer, layers[at]));
  return { source, image: { ...image, layers: measured }, netBytes: netOf(layers) };
}

function measuredLayer({ diffId, stored }: Pick<Layer, 'diffId' | 'stored'>, read: ReadLayer | undefined): Layer {
  return {
    diffId,
    bytes: read?.index.bytes,
    stored: stored ?? read?.stored,
    contents: read && summarise(read.index, read.verified),
  };
}

function netOf(layers: readonly (ReadLayer | undefined)[]): number | undefined {
  const indexes = layers.map((layer) => layer?.index).filter((index) => index !== undefined);
  return indexes.length === layers.length ? netBytes(indexes) : undefined;
}
