/** A past build as BuildKit recorded it: which text, which lines made which step, which layer, how long. */
import type { LineRange } from '../text/lines.ts';
import type { DiffId, Digest, Image, Platform } from '../image/image.ts';

export interface BuildRecord {
  /** `builder/node/REF`, as `docker buildx history` names it. */
  readonly ref: string;
  readonly completedAt: string | undefined;
  /** The Dockerfile text that was built, from the build's provenance. */
  readonly text: string;
  readonly target: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly platform: Platform | undefined;
  /**
   * The image as its engine names it, so that `docker-daemon:` and this opens it: digest of the config on the graph-driver store,
   * of the manifest or index on the containerd store. Undefined where the build left no image (only a folder, only cache) or the engine has it no more.
   */
  readonly imageId: Digest | undefined;
  /** Digest of the image's config, `Image.id` wherever the image is read from; undefined where the build exported none. */
  readonly configDigest: Digest | undefined;
  readonly steps: readonly RecordedStep[];
}

/** One vertex of the build that belongs to lines of the Dockerfile. */
export interface RecordedStep {
  readonly vertex: string;
  /** A `COPY --link` is two steps of the same lines: a `file` that stands on nothing, and a `merge` that puts it on top. */
  readonly kind: 'source' | 'exec' | 'file' | 'merge' | 'other';
  /** One per place in the text (identical steps of different stages are one vertex); 0-based, inclusive; a trigger of the base stands at its FROM. */
  readonly locations: readonly LineRange[];
  /** The layers below and including this step's own, bottom first, by diff id; empty where BuildKit did not keep them. */
  readonly diffIds: readonly DiffId[];
  /** Undefined where no log was kept, and for sources, of which the log does not tell it reliably. */
  readonly cached: boolean | undefined;
  readonly milliseconds: number | undefined;
}

/** Whether a build left this image. An image has two names: one of its config, one of the store it is in. */
export function isRecordOf(record: BuildRecord, { id }: Image): boolean {
  return record.imageId === id || record.configDigest === id;
}

/** Whether a build was of the stage that somebody asks for; asking for none leaves it to the build. */
export function isRecordOfTarget(record: BuildRecord, target: string | undefined): boolean {
  return target === undefined || record.target?.toLowerCase() === target.toLowerCase();
}
