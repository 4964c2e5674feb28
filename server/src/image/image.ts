/** What an image is, in OCI's words, as plain data. Sizes are bytes, times are RFC 3339 text as in the config. */

/** Hash of bytes as stored (compressed, where they are). */
export type Digest = string & { readonly brand: 'digest' };
/** Hash of a layer's uncompressed tar. Never the same thing as a Digest, even where the text is equal. */
export type DiffId = string & { readonly brand: 'diff id' };

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
}

export interface Layer {
  readonly diffId: DiffId;
  /** Sizes of the regular files added up (a hard link adds 0, a sparse file its full size); undefined until it was read. */
  readonly bytes: number | undefined;
  /** The blob as kept or transferred; undefined where the source does not tell. */
  readonly stored: { readonly digest: Digest; readonly bytes: number } | undefined;
  /** What is in it; undefined until it was read. */
  readonly contents: LayerContents | undefined;
}

/** A summary of one layer's entries, small enough to send anywhere; the whole index stays in `sources/`. */
export interface LayerContents {
  /** Regular files, hard links included. */
  readonly files: number;
  readonly directories: number;
  readonly symlinks: number;
  /** Whiteouts: paths of lower layers that this layer hides, opaque directories included. */
  readonly whiteouts: number;
  /** The layer's tar has no entry at all. */
  readonly emptyDiff: boolean;
  /** Largest first, at most ten each, paths absolute. A directory's bytes are all below it; one inside another is listed only if it tells more. */
  readonly largestDirectories: readonly PathBytes[];
  readonly largestFiles: readonly PathBytes[];
  /** True where the diff id was computed over the bytes that were read; a seek-walked layer was not hashed. */
  readonly verified: boolean;
}

export interface PathBytes {
  readonly path: string;
  readonly bytes: number;
  /** 1 for a file. */
  readonly files: number;
}

export interface HistoryEntry {
  readonly createdBy: string;
  readonly created: string | undefined;
  readonly comment: string | undefined;
  readonly author: string | undefined;
  readonly emptyLayer: boolean;
}

/** The parts of an image's config that a build on top of it inherits. */
export interface ImageConfig {
  /** `NAME=value`, in order. */
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly shell: readonly string[] | undefined;
  readonly onBuild: readonly string[];
}

export interface Image {
  /** Digest of the config: what `docker images` calls the image id on the graph-driver store. */
  readonly id: Digest;
  readonly platform: Platform;
  readonly created: string | undefined;
  readonly config: ImageConfig;
  /** Bottom first; as many as history entries without `emptyLayer`, in the same order. */
  readonly layers: readonly Layer[];
  readonly history: readonly HistoryEntry[];
}

/** An image that a Dockerfile stands on, as far as it is known. */
export interface BaseImage {
  readonly diffIds: readonly DiffId[];
  readonly config: ImageConfig;
  readonly history: readonly HistoryEntry[] | undefined;
}

/** An opened image and where it came from, as evidence for a Dockerfile. */
export interface ImageFacts {
  /** As a person would name it again: `docker-archive:app.tar`, `docker-daemon:app:1`. */
  readonly source: string;
  readonly image: Image;
  /** Bytes of the merged final file system; undefined until every layer was read. */
  readonly netBytes: number | undefined;
}
