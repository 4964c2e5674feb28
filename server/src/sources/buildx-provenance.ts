/** Reads the provenance that BuildKit keeps of each build, SLSA v0.2 and v1 alike: the text, the arguments, which lines made which step and layers. */
import type { RecordedStep } from '../build/record.ts';
import type { DiffId, Digest, Platform } from '../image/image.ts';
import type { LineRange } from '../text/lines.ts';
import { entriesAt, listAt, numberAt, textAt, valueAt } from './untyped.ts';

export interface Provenance {
  readonly text: string;
  readonly target: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** For which it was built; several in a build for several platforms, of each of which there is a provenance of its own. */
  readonly platforms: readonly Platform[];
  /** Of the machine that built it. */
  readonly builderPlatform: Platform | undefined;
  readonly completedAt: string | undefined;
  readonly steps: readonly ProvenanceStep[];
  /** The layers of the result, bottom first; empty where the build exported no image. */
  readonly result: readonly LayerBlob[];
}

export interface ProvenanceStep {
  readonly vertex: string;
  readonly kind: RecordedStep['kind'];
  readonly locations: readonly LineRange[];
  /** As many chains of layers as BuildKit kept of it: the same layers may be stored in several compressions. */
  readonly chains: readonly (readonly LayerBlob[])[];
}

export interface LayerBlob {
  readonly digest: Digest;
  /** Known where the blob is the uncompressed tar, so that both hashes are one. */
  readonly diffId: DiffId | undefined;
}

/** Undefined for a provenance that is not of a Dockerfile, or keeps no text. */
export function readProvenance(provenance: unknown): Provenance | undefined {
  const parts = partsOf(provenance);
  const main = sourceOf(parts.metadata);
  if (main === undefined) {
    return undefined;
  }
  const args = entriesAt(parts.request, 'args').flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const given = new Map(args);
  return {
    text: main.text,
    target: given.get('target') || undefined,
    buildArgs: new Map(
      args.flatMap(([name, value]) =>
        name.startsWith(argPrefix) ? [[name.slice(argPrefix.length), value] as const] : [],
      ),
    ),
    platforms: (given.get('platform') || parts.builderPlatform || '')
      .split(',')
      .flatMap((platform) => readPlatform(platform) ?? []),
    builderPlatform: readPlatform(parts.builderPlatform),
    completedAt: parts.completedAt,
    steps: readSteps(parts.buildConfig, parts.metadata, main.index),
    result: readResult(parts.buildConfig, parts.metadata),
  };
}

/** `linux/arm64/v8`. */
export function readPlatform(text: string | undefined): Platform | undefined {
  const [os, architecture, variant] = (text ?? '').trim().split('/');
  return os && architecture ? { os, architecture, variant: variant || undefined } : undefined;
}

const argPrefix = 'build-arg:';

/** Where the two versions keep the same things. */
interface Parts {
  readonly request: unknown;
  readonly buildConfig: unknown;
  readonly builderPlatform: string | undefined;
  readonly completedAt: string | undefined;
  readonly metadata: unknown;
}

function partsOf(provenance: unknown): Parts {
  if (valueAt(provenance, 'buildDefinition') !== undefined) {
    const internal = valueAt(provenance, 'buildDefinition', 'internalParameters');
    return {
      request: valueAt(provenance, 'buildDefinition', 'externalParameters', 'request'),
      buildConfig: valueAt(internal, 'buildConfig'),
      builderPlatform: textAt(internal, 'builderPlatform'),
      completedAt: textAt(provenance, 'runDetails', 'metadata', 'finishedOn'),
      metadata: valueAt(provenance, 'runDetails', 'metadata', 'buildkit_metadata'),
    };
  }
  return {
    request: valueAt(provenance, 'invocation', 'parameters'),
    buildConfig: valueAt(provenance, 'buildConfig'),
    builderPlatform: textAt(provenance, 'invocation', 'environment', 'platform'),
    completedAt: textAt(provenance, 'metadata', 'buildFinishedOn'),
    metadata: valueAt(provenance, 'metadata', 'https://mobyproject.org/buildkit@v1#metadata'),
  };
}

/** The Dockerfile among the sources, the first one that has a text. */
function sourceOf(metadata: unknown): { readonly index: number; readonly text: string } | undefined {
  const infos = listAt(metadata, 'source', 'infos');
  const index = infos.findIndex(
    (info) => textAt(info, 'data') !== undefined && (textAt(info, 'language') ?? 'Dockerfile') === 'Dockerfile',
  );
  const data = textAt(infos[index], 'data');
  return data === undefined ? undefined : { index, text: Buffer.from(data, 'base64').toString('utf8') };
}

function readSteps(buildConfig: unknown, metadata: unknown, source: number): readonly ProvenanceStep[] {
  const vertices = new Map(entriesAt(buildConfig, 'digestMapping').map(([vertex, id]) => [id, vertex]));
  return listAt(buildConfig, 'llbDefinition').flatMap((step): readonly ProvenanceStep[] => {
    const id = textAt(step, 'id');
    const locations = id === undefined ? [] : readLocations(valueAt(metadata, 'source', 'locations', id), source);
    if (id === undefined || locations.length === 0) {
      return [];
    }
    return [
      {
        vertex: vertices.get(id) ?? id,
        kind: kindOf(valueAt(step, 'op', 'Op')),
        locations,
        chains: readChains(metadata, `${id}:0`),
      },
    ];
  });
}

function kindOf(operation: unknown): RecordedStep['kind'] {
  const names = entriesAt(operation).map(([name]) => name);
  return (['source', 'exec', 'file', 'merge'] as const).find((kind) => names.includes(kind)) ?? 'other';
}

/** BuildKit writes one range for each physical line, counted from 1, and one location for each place where the step stands, in any order. */
function readLocations(found: unknown, source: number): readonly LineRange[] {
  const all = listAt(found, 'locations').flatMap((location): readonly LineRange[] => {
    const ranges = listAt(location, 'ranges');
    const starts = ranges.flatMap((range) => numberAt(range, 'start', 'line') ?? []);
    const ends = ranges.flatMap((range) => numberAt(range, 'end', 'line') ?? numberAt(range, 'start', 'line') ?? []);
    if ((numberAt(location, 'sourceIndex') ?? 0) !== source || starts.length === 0) {
      return [];
    }
    return [{ start: Math.min(...starts) - 1, end: Math.max(...ends) - 1 }];
  });
  return all.toSorted((a, b) => a.start - b.start);
}

/** The last entry of the definition has no operation of its own: what goes into it is the result. */
function readResult(buildConfig: unknown, metadata: unknown): readonly LayerBlob[] {
  const last = listAt(buildConfig, 'llbDefinition').at(-1);
  const input = listAt(last, 'inputs')[0];
  return typeof input === 'string' ? (readChains(metadata, input)[0] ?? []) : [];
}

function readChains(metadata: unknown, output: string): readonly (readonly LayerBlob[])[] {
  return listAt(metadata, 'layers', output)
    .map((chain) => listAt(chain).flatMap((blob) => readBlob(blob) ?? []))
    .filter((chain) => chain.length > 0);
}

function readBlob(blob: unknown): LayerBlob | undefined {
  const digest = textAt(blob, 'digest');
  if (digest === undefined) {
    return undefined;
  }
  // A media type that ends in `.tar` has no compression; the graph-driver store knows no other and writes -1 for the size.
  const plain = numberAt(blob, 'size') === -1 || (textAt(blob, 'mediaType') ?? '').endsWith('.tar');
  return { digest: digest as Digest, diffId: plain ? (digest as DiffId) : undefined };
}
