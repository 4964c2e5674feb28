/** From named blobs to one image: index, nested index, manifest and config, or `docker save`'s manifest.json. Once for all sources. */
import type { DiffId, Digest, Platform } from '../image/image.ts';
import { allBytes } from './blob-bytes.ts';
import { asDigest, blobPath, digestOf, digestOfPath } from './digests.ts';
import {
  readConfig,
  readIndexOrManifest,
  readSavedImages,
  type Config,
  type Descriptor,
  type Manifest,
  type SavedImage,
} from './image-documents.ts';
import { parseJson } from './json.ts';
import { choosePlatform } from './platforms.ts';
import { chooseByReference } from './references.ts';
import { SourceError, type BlobStore } from './source.ts';

export interface OpenRequest {
  /** For messages: the file or folder. */
  readonly name: string;
  /** Which of several images: a tag, a name, or `@2` for the third; undefined: the only one. */
  readonly reference: string | undefined;
  readonly platform: Platform | undefined;
  readonly note: (sentence: string) => void;
}

export interface OpenedImage {
  readonly id: Digest;
  readonly config: Config;
  readonly layers: readonly LayerBlob[];
}

export interface LayerBlob {
  readonly diffId: DiffId;
  /** What the store calls it. */
  readonly path: string;
  readonly stored: { readonly digest: Digest; readonly bytes: number } | undefined;
  /** Layers that may not be passed on (Windows) are named but need not be there. */
  readonly isForeign: boolean;
}

/** Throws SourceError. */
export async function openImage(store: BlobStore, request: OpenRequest, signal: AbortSignal): Promise<OpenedImage> {
  const read = documentReader(store, request.name, signal);
  const index = await read('index.json');
  const saved = await read('manifest.json');
  if (index !== undefined) {
    try {
      const found = await openByIndex(index, read, request);
      if (found !== undefined) {
        return found;
      }
    } catch (error) {
      if (saved === undefined || !(error instanceof SourceError) || error.kind !== 'not-found') {
        throw error;
      }
    }
  }
  if (saved !== undefined) {
    return openSaved(saved, read, request);
  }
  if (index !== undefined) {
    throw new SourceError('corrupt', `${request.name} names an image whose manifest is not in it.`, {
      hint: 'Copy the whole layout, or save the image again.',
    });
  }
  throw new SourceError(
    'foreign',
    `${request.name} holds no image: there is neither an index.json nor a manifest.json.`,
    {
      hint: 'Write one with `docker save -o app.tar app:1`, or `docker buildx build -o type=oci,dest=app.tar .`.',
    },
  );
}

/** Undefined for a document that is not there. */
type ReadDocument = (path: string) => Promise<Uint8Array | undefined>;

/** Registries take no larger ones either (4 MiB); this leaves room for engines that do. */
export const largestDocument = 8 * 1024 * 1024;

function documentReader(store: BlobStore, name: string, signal: AbortSignal): ReadDocument {
  return async (path) => {
    const blob = await store.open(path, signal);
    if (blob === undefined) {
      return undefined;
    }
    const bytes = await allBytes(blob, largestDocument);
    if (bytes === undefined) {
      throw new SourceError('foreign', `${path} of ${name} is far too large for an image's document.`);
    }
    const promised = digestOfPath(path) ?? digestOfConfigFile(path);
    if (promised !== undefined && digestOf(bytes, promised) !== promised) {
      throw new SourceError(
        'corrupt',
        `${path} of ${name} is damaged: its bytes do not have the digest it is named by.`,
        {
          hint: 'Write or download the image again.',
        },
      );
    }
    return bytes;
  };
}

/** Engines before 25 name the config by its hash, beside manifest.json. */
function digestOfConfigFile(path: string): string | undefined {
  const hash = /^([0-9a-f]{64})\.json$/.exec(path)?.[1];
  return hash === undefined ? undefined : `sha256:${hash}`;
}

/** One image for one platform. */
interface Candidate {
  readonly platform: Platform;
  readonly manifest: Manifest;
  readonly config: Config;
}

async function openByIndex(
  bytes: Uint8Array,
  read: ReadDocument,
  request: OpenRequest,
): Promise<OpenedImage | undefined> {
  const root = readIndexOrManifest(parseJson(bytes, `index.json of ${request.name}`));
  if (root.kind === 'manifest') {
    return undefined;
  }
  const images = root.manifests.filter(isImage).map((descriptor) => ({ descriptor, names: namesOf(descriptor) }));
  const meant = chooseByReference(images, request.reference, request.name);
  const candidates: Candidate[] = [];
  for (const { descriptor } of meant) {
    candidates.push(...(await candidatesOf(descriptor, read, request, 0)));
  }
  if (candidates.length === 0) {
    return undefined;
  }
  const { chosen, why } = choosePlatform(candidates, request.platform, request.name);
  if (why !== undefined) {
    request.note(why);
  }
  const { manifest, config } = chosen;
  if (manifest.layers.length !== config.diffIds.length) {
    throw layerCount(request.name, manifest.layers.length, config.diffIds.length);
  }
  return {
    id: manifest.config.digest,
    config,
    layers: manifest.layers.map((layer, at) => ({
      diffId: config.diffIds[at]!,
      path: blobPath(layer.digest),
      stored: { digest: layer.digest, bytes: layer.bytes },
      isForeign: /foreign|nondistributable/.test(layer.mediaType),
    })),
  };
}

/** Provenance and SBOMs stand beside images as manifests of no platform. */
function isImage({ platform, annotations }: Descriptor): boolean {
  const isAttestation = annotations.get('vnd.docker.reference.type') === 'attestation-manifest';
  return !isAttestation && !(platform?.os === 'unknown' && platform.architecture === 'unknown');
}

function namesOf({ annotations }: Descriptor): string[] {
  const names = [annotations.get('io.containerd.image.name'), annotations.get('org.opencontainers.image.ref.name')];
  return names.filter((name) => name !== undefined);
}

const deepestIndex = 4;

/** The containerd store names all platforms of a pulled image and holds one: what is not there is no candidate. */
async function candidatesOf(
  descriptor: Descriptor,
  read: ReadDocument,
  request: OpenRequest,
  depth: number,
): Promise<Candidate[]> {
  const bytes = await read(blobPath(descriptor.digest));
  if (bytes === undefined || depth > deepestIndex) {
    return [];
  }
  const document = readIndexOrManifest(parseJson(bytes, `manifest ${descriptor.digest} of ${request.name}`));
  if (document.kind === 'index') {
    const candidates: Candidate[] = [];
    for (const inner of document.manifests.filter(isImage)) {
      candidates.push(...(await candidatesOf(inner, read, request, depth + 1)));
    }
    return candidates;
  }
  const { manifest } = document;
  const configBytes = await read(blobPath(manifest.config.digest));
  if (configBytes === undefined) {
    return [];
  }
  const config = readConfig(parseJson(configBytes, `config ${manifest.config.digest} of ${request.name}`));
  return [{ platform: descriptor.platform ?? config.platform, manifest, config }];
}

async function openSaved(bytes: Uint8Array, read: ReadDocument, request: OpenRequest): Promise<OpenedImage> {
  const images = readSavedImages(parseJson(bytes, `manifest.json of ${request.name}`));
  const meant = chooseByReference(
    images.map((saved) => ({ saved, names: saved.tags })),
    request.reference,
    request.name,
  );
  const candidates: (Omit<Candidate, 'manifest'> & { saved: SavedImage; id: Digest })[] = [];
  for (const { saved } of meant) {
    const configBytes = await read(saved.config);
    if (configBytes === undefined) {
      throw new SourceError('corrupt', `${request.name} names the config ${saved.config}, which is not in it.`, {
        hint: 'Save the image again.',
      });
    }
    const config = readConfig(parseJson(configBytes, `${saved.config} of ${request.name}`));
    candidates.push({ saved, config, platform: config.platform, id: asDigest(digestOf(configBytes, 'sha256:')) });
  }
  const { chosen, why } = choosePlatform(candidates, request.platform, request.name);
  if (why !== undefined) {
    request.note(why);
  }
  const { saved, config, id } = chosen;
  if (saved.layers.length !== config.diffIds.length) {
    throw layerCount(request.name, saved.layers.length, config.diffIds.length);
  }
  return {
    id,
    config,
    layers: saved.layers.map((path, at) => ({
      diffId: config.diffIds[at]!,
      path,
      stored: undefined,
      isForeign: false,
    })),
  };
}

function layerCount(name: string, layers: number, diffIds: number): SourceError {
  return new SourceError('corrupt', `${name} contradicts itself: ${layers} layers, but its config names ${diffIds}.`, {
    hint: 'Save the image again.',
  });
}
