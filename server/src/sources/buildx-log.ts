/** Reads what `docker buildx history logs --progress rawjson` replays: which vertices were cached, how long they took, what was exported. */
import type { Digest } from '../image/image.ts';
import { listAt, tryJson, textAt, valueAt } from './untyped.ts';

export interface BuildLog {
  /** By vertex digest. */
  readonly vertices: ReadonlyMap<string, VertexTime>;
  /** In the order of export; more than one only for several platforms. */
  readonly images: readonly ExportedImage[];
  /** The list that holds them, where one was made. */
  readonly index: Digest | undefined;
}

export interface VertexTime {
  readonly cached: boolean;
  readonly milliseconds: number;
}

export interface ExportedImage {
  /** Undefined on the graph-driver store, which keeps only the config. */
  readonly manifest: Digest | undefined;
  readonly config: Digest;
}

export function readLog(text: string): BuildLog {
  const vertices = new Map<string, VertexTime>();
  const statuses: string[] = [];
  for (const line of text.split('\n')) {
    const event = line.startsWith('{') ? tryJson(line) : undefined;
    for (const vertex of listAt(event, 'vertexes')) {
      const digest = textAt(vertex, 'digest');
      const milliseconds = duration(textAt(vertex, 'started'), textAt(vertex, 'completed'));
      // Each event of a vertex replaces the ones before; the first only announces it.
      if (digest !== undefined && milliseconds !== undefined) {
        vertices.set(digest, { cached: valueAt(vertex, 'cached') === true, milliseconds });
      }
    }
    statuses.push(...listAt(event, 'statuses').flatMap((status) => textAt(status, 'id') ?? []));
  }
  return { vertices, ...readExports(statuses) };
}

/** The exporters say which config belongs to which manifest only by their order; the graph-driver store says `writing image`. */
function readExports(statuses: readonly string[]): {
  readonly images: readonly ExportedImage[];
  readonly index: Digest | undefined;
} {
  const images: ExportedImage[] = [];
  let manifest: Digest | undefined;
  let index: Digest | undefined;
  for (const status of new Set(statuses)) {
    const [, what, digest] =
      /^(writing image|exporting manifest|exporting config|exporting manifest list) (sha256:[0-9a-f]{64})$/.exec(
        status,
      ) ?? [];
    switch (what) {
      case 'exporting manifest':
        manifest = digest as Digest;
        break;
      case 'exporting manifest list':
        index = digest as Digest;
        break;
      case 'writing image':
      case 'exporting config':
        images.push({ manifest, config: digest as Digest });
        manifest = undefined;
        break;
      case undefined:
        break;
      default:
        break;
    }
  }
  return { images, index };
}

function duration(started: string | undefined, completed: string | undefined): number | undefined {
  const milliseconds = Date.parse(completed ?? '') - Date.parse(started ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
