/**
 * Images of a running engine. Sizes come first, from two small questions (`inspect` and `history`);
 * the engine's export is read only for what is inside the layers, or where the answers leave something open.
 */
import type {
  BaseImage,
  DiffId,
  Digest,
  HistoryEntry,
  Image,
  ImageConfig,
  ImageFacts,
  Layer,
  Platform,
} from '../image/image.ts';
import type { ImageChoice } from '../protocol.ts';
import { connectEngine, type Answer, type Engine } from './docker-http.ts';
import { decideEmptyLayers, type EngineHistoryEntry } from './engine-history.ts';
import type { DockerOptions, ReadOptions } from './read-options.ts';
import { fits, platformText } from './platforms.ts';
import { factsFromCache } from './image-facts.ts';
import { SourceError } from './source.ts';
import { readImageStream } from './stream.ts';
import { listAt, numberAt, textAt, textsAt, valueAt } from './untyped.ts';

/** An image as the engine lists it; how that reads in words is not this file's business. */
export type ListedImage = Omit<ImageChoice, 'description'>;

/** Every image that a person could mean, also nameless ones, newest first. Throws SourceError. */
export async function listImages(docker: DockerOptions, signal: AbortSignal): Promise<ListedImage[]> {
  const engine = await connectEngine(docker);
  const { value } = await engine.ask('/images/json', signal);
  return listAt(value)
    .flatMap((image) => listedImage(image) ?? [])
    .toSorted((a, b) => b.created - a.created);
}

/** `rest` is a name, `name:tag`, `name@digest` or an id, also a short one. Throws SourceError. */
export async function readEngineImage(rest: string, options: ReadOptions, signal: AbortSignal): Promise<ImageFacts> {
  const engine = await connectEngine(options.docker);
  const found = await inspectImage(engine, rest, options.platform, signal);
  const source = `docker-daemon:${rest}`;
  const told = await toldByEngine(found, engine, signal);
  // The graph-driver store refuses to export an image without layers, and there is nothing in it that inspect does not tell.
  if (told !== undefined && (!options.contents || told.layers.length === 0)) {
    return { source, image: told, netBytes: told.layers.length === 0 ? 0 : undefined };
  }
  // The export of an image that was read before would bring nothing new.
  const known = told && (await factsFromCache(source, told, options));
  if (known !== undefined) {
    return known;
  }
  const stream = await engine.stream(`/images/${encodeName(rest)}/get`, signal);
  return readImageStream(stream, source, { ...options, platform: exportedPlatform(found, options.platform) }, signal);
}

/** What an engine knows of a name in FROM; undefined where it has no such image. Throws SourceError where no engine answers. */
export async function readBase(
  name: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<BaseImage | undefined> {
  if (name === '' || name === 'scratch') {
    return undefined;
  }
  const engine = await connectEngine(docker);
  try {
    const found = await inspectImage(engine, name, undefined, signal);
    return { diffIds: found.diffIds, config: found.config, history: decidedHistory(found)?.entries };
  } catch (error) {
    if (error instanceof SourceError && (error.kind === 'not-found' || error.kind === 'unsupported')) {
      return undefined;
    }
    throw error;
  }
}

/** The layers of an image by id, bottom first; undefined where the engine has no such image. */
export async function imageDiffIds(
  id: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<readonly DiffId[] | undefined> {
  const engine = await connectEngine(docker);
  try {
    const { value } = await engine.ask(`/images/${encodeName(id)}/json`, signal);
    return textsAt(value, 'RootFS', 'Layers') as readonly DiffId[];
  } catch (error) {
    if (error instanceof SourceError && error.kind === 'not-found') {
      return undefined;
    }
    throw error;
  }
}

/** What `inspect` and `history` say, read and typed. */
interface InspectedImage {
  /** Digest of the config on the graph-driver store, of the manifest or index on the containerd store. */
  readonly id: Digest;
  readonly platform: Platform;
  readonly created: string | undefined;
  readonly config: ImageConfig;
  readonly diffIds: readonly DiffId[];
  /** Bottom first, as the image's config has it. */
  readonly history: readonly (EngineHistoryEntry & { readonly created: string | undefined })[];
  /** The id names a list of images for several platforms. */
  readonly isIndex: boolean;
  readonly server: string;
}

async function inspectImage(
  engine: Engine,
  name: string,
  platform: Platform | undefined,
  signal: AbortSignal,
): Promise<InspectedImage> {
  const path = `/images/${encodeName(name)}`;
  const query = platform === undefined ? '' : `?platform=${encodeURIComponent(platformJson(platform))}`;
  const [inspected, history] = await Promise.all([
    engine.ask(`${path}/json${query}`, signal),
    engine.ask(`${path}/history${query}`, signal),
  ]).catch((error: unknown) => {
    throw error instanceof SourceError && error.kind === 'not-found' ? notFound(name, engine, platform, error) : error;
  });
  const image = readInspected(inspected, history);
  if (platform !== undefined && !fits(image.platform, platform)) {
    throw noSuchPlatform(name, platform);
  }
  return image;
}

function readInspected({ value, server }: Answer, history: Answer): InspectedImage {
  const id = textAt(value, 'Id');
  if (id === undefined) {
    throw new SourceError('foreign', 'What answers there is no Docker engine: an image without an id came back.');
  }
  return {
    id: id as Digest,
    platform: {
      os: textAt(value, 'Os') ?? 'linux',
      architecture: textAt(value, 'Architecture') ?? '',
      variant: textAt(value, 'Variant'),
    },
    created: textAt(value, 'Created'),
    config: readConfig(valueAt(value, 'Config')),
    diffIds: textsAt(value, 'RootFS', 'Layers') as readonly DiffId[],
    history: listAt(history.value).map(readHistoryEntry).toReversed(),
    isIndex: /index|manifest\.list/.test(textAt(value, 'Descriptor', 'mediaType') ?? ''),
    server,
  };
}

function readConfig(config: unknown): ImageConfig {
  const shell = textsAt(config, 'Shell');
  return {
    env: textsAt(config, 'Env'),
    workingDir: textAt(config, 'WorkingDir') ?? '',
    user: textAt(config, 'User') ?? '',
    shell: shell.length > 0 ? shell : undefined,
    onBuild: textsAt(config, 'OnBuild'),
  };
}

function readHistoryEntry(entry: unknown): EngineHistoryEntry & { readonly created: string | undefined } {
  const created = numberAt(entry, 'Created');
  return {
    createdBy: textAt(entry, 'CreatedBy') ?? '',
    comment: textAt(entry, 'Comment'),
    bytes: numberAt(entry, 'Size') ?? 0,
    created: created === undefined || created <= 0 ? undefined : new Date(created * 1000).toISOString(),
  };
}

/** The image without its contents; undefined where it stays open which history entry made which layer. */
async function toldByEngine(found: InspectedImage, engine: Engine, signal: AbortSignal): Promise<Image | undefined> {
  const history = decidedHistory(found);
  if (history === undefined) {
    return undefined;
  }
  const exact = await countsFileBytes(found, engine, signal);
  const layers = found.diffIds.map((diffId, index): Layer => {
    const bytes = exact ? history.bytes[index] : undefined;
    return { diffId, bytes, stored: undefined, contents: undefined };
  });
  const { id, platform, created, config } = found;
  return { id, platform, created, config, layers, history: history.entries };
}

function decidedHistory(
  found: InspectedImage,
): { entries: readonly HistoryEntry[]; bytes: readonly number[] } | undefined {
  const empty = decideEmptyLayers(found.history, found.diffIds.length);
  if (empty === undefined) {
    return undefined;
  }
  const entries = found.history.map(({ createdBy, created, comment }, index): HistoryEntry => ({
    createdBy,
    created,
    comment,
    author: undefined,
    emptyLayer: empty[index] === true,
  }));
  return { entries, bytes: found.history.filter((_, index) => empty[index] === false).map((entry) => entry.bytes) };
}

/**
 * Docker's graph drivers count a layer's file sizes: to the byte for layers that BuildKit made here, and with the lengths of symlink
 * targets added where a layer was pulled, loaded or imported (a few parts in a hundred thousand; gone once the contents are read).
 * The containerd store counts blocks on disk, Podman the size of the tar: other things, which are not passed off as this one.
 */
async function countsFileBytes(found: InspectedImage, engine: Engine, signal: AbortSignal): Promise<boolean> {
  if (!found.server.startsWith('Docker/')) {
    return false;
  }
  const { value } = await engine.ask('/info', signal);
  return !listAt(value, 'DriverStatus').some((pair) => listAt(pair)[0] === 'driver-type');
}

function listedImage(image: unknown): ListedImage | undefined {
  const id = textAt(image, 'Id');
  if (id === undefined) {
    return undefined;
  }
  const tags = textsAt(image, 'RepoTags').filter((name) => !name.startsWith('<none>'));
  const digests = textsAt(image, 'RepoDigests').filter(
    (name) => !name.startsWith('<none>') && !name.startsWith('moby-dangling'),
  );
  const names = tags.length > 0 ? tags : digests;
  return {
    source: `docker-daemon:${names[0] ?? id}`,
    names,
    id,
    created: numberAt(image, 'Created') ?? 0,
    bytes: numberAt(image, 'Size') ?? 0,
  };
}

/** Of an index the engine showed the platform that it would run; its export holds all of them. */
function exportedPlatform(found: InspectedImage, wanted: Platform | undefined): Platform | undefined {
  return wanted ?? (found.isIndex ? found.platform : undefined);
}

function encodeName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':').replaceAll('%40', '@');
}

function platformJson({ os, architecture, variant }: Platform): string {
  return JSON.stringify(variant === undefined ? { os, architecture } : { os, architecture, variant });
}

function notFound(name: string, engine: Engine, platform: Platform | undefined, cause: SourceError): SourceError {
  if (platform !== undefined && /platform/i.test(cause.message)) {
    return noSuchPlatform(name, platform);
  }
  return new SourceError('not-found', `The engine at ${engine.host} has no image "${name}".`, {
    hint: 'List its images with `docker images`, or build the Dockerfile first.',
    cause,
  });
}

function noSuchPlatform(name: string, platform: Platform): SourceError {
  return new SourceError('no-such-platform', `The image "${name}" is not for ${platformText(platform)}.`, {
    hint: 'Leave the platform out, or choose one that the image has.',
  });
}
