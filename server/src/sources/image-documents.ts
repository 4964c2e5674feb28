/** The JSON documents of an image, read and typed: index, manifest and config of OCI and Docker, and `docker save`'s manifest.json. */
import type { DiffId, Digest, HistoryEntry, ImageConfig, Platform } from '../image/image.ts';
import { asDiffId, asDigest } from './digests.ts';
import {
  asBytes,
  asDigestText,
  asText,
  badField,
  flagMember,
  items,
  member,
  requiredMember,
  textMember,
  type JsonValue,
} from './json.ts';
import { SourceError } from './source.ts';

export interface Descriptor {
  readonly digest: Digest;
  readonly bytes: number;
  readonly mediaType: string;
  readonly platform: Platform | undefined;
  readonly annotations: ReadonlyMap<string, string>;
}

export interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** What a digest in an index leads to. */
export type IndexOrManifest =
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
  | { readonly kind: 'manifest'; readonly manifest: Manifest };

export interface Config {
  readonly platform: Platform;
  readonly created: string | undefined;
  readonly config: ImageConfig;
  readonly diffIds: readonly DiffId[];
  readonly history: readonly HistoryEntry[];
}

/** One image in manifest.json. Paths are those of the archive. */
export interface SavedImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

export function readIndexOrManifest(document: JsonValue): IndexOrManifest {
  if (member(document, 'fsLayers') !== undefined || member(document, 'signatures') !== undefined) {
    throw new SourceError('unsupported', `${document.document} is a manifest of schema 1, which is too old.`, {
      hint: 'Pull and save the image again with a current engine.',
    });
  }
  if (member(document, 'manifests') !== undefined) {
    return { kind: 'index', manifests: items(member(document, 'manifests')).map(readDescriptor) };
  }
  return {
    kind: 'manifest',
    manifest: {
      config: readDescriptor(requiredMember(document, 'config')),
      layers: items(member(document, 'layers')).map(readDescriptor),
    },
  };
}

function readDescriptor(from: JsonValue): Descriptor {
  const platform = member(from, 'platform');
  const annotations = member(from, 'annotations');
  return {
    digest: asDigest(asDigestText(requiredMember(from, 'digest'))),
    bytes: asBytes(requiredMember(from, 'size')),
    mediaType: textMember(from, 'mediaType') ?? '',
    platform: platform && readPlatform(platform),
    annotations: readAnnotations(annotations),
  };
}

function readAnnotations(from: JsonValue | undefined): ReadonlyMap<string, string> {
  if (from === undefined || typeof from.value !== 'object' || from.value === null) {
    return new Map();
  }
  return new Map(Object.entries(from.value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function readPlatform(from: JsonValue): Platform {
  return {
    os: textMember(from, 'os') ?? 'unknown',
    architecture: textMember(from, 'architecture') ?? 'unknown',
    variant: textMember(from, 'variant') || undefined,
  };
}

export function readConfig(document: JsonValue): Config {
  const rootfs = member(document, 'rootfs');
  if (rootfs === undefined) {
    throw new SourceError('foreign', `${document.document} is no container image's config: it names no layers.`, {
      hint: 'Charts, signatures and other artifacts have no layers to show; name an image.',
    });
  }
  const inner = member(document, 'config');
  return {
    platform: readPlatform(document),
    created: textMember(document, 'created'),
    config: inner === undefined ? emptyConfig : readInnerConfig(inner),
    diffIds: items(member(rootfs, 'diff_ids')).map((item) => asDiffId(asDigestText(item))),
    history: items(member(document, 'history')).map(readHistory),
  };
}

const emptyConfig: ImageConfig = { env: [], workingDir: '', user: '', shell: undefined, onBuild: [] };

function readInnerConfig(from: JsonValue): ImageConfig {
  const shell = items(member(from, 'Shell')).map(asText);
  return {
    env: items(member(from, 'Env')).map(asText),
    workingDir: textMember(from, 'WorkingDir') ?? '',
    user: textMember(from, 'User') ?? '',
    shell: shell.length > 0 ? shell : undefined,
    onBuild: items(member(from, 'OnBuild')).map(asText),
  };
}

function readHistory(from: JsonValue): HistoryEntry {
  return {
    createdBy: textMember(from, 'created_by') ?? '',
    created: textMember(from, 'created'),
    comment: textMember(from, 'comment'),
    author: textMember(from, 'author'),
    emptyLayer: flagMember(from, 'empty_layer'),
  };
}

export function readSavedImages(document: JsonValue): SavedImage[] {
  const images = items(document).map((image) => ({
    config: asText(requiredMember(image, 'Config')),
    tags: items(member(image, 'RepoTags')).map(asText),
    layers: items(member(image, 'Layers')).map(asText),
  }));
  if (images.length === 0) {
    throw badField(document, 'names no image');
  }
  return images;
}
