/** How an image is to be read. */
import type { Platform } from '../image/image.ts';
import type { ReadProgress } from './source.ts';

export interface ReadOptions {
  readonly platform: Platform | undefined;
  /** False: sizes as soon as they can be had (an engine tells them in 20 ms); true: also every layer's contents. */
  readonly contents: boolean;
  /** True: also compute the diff ids of layers on disk that could be walked without reading all of their bytes. */
  readonly verify?: boolean;
  /** Folder of the indexes kept by diff id; undefined keeps nothing on disk. */
  readonly cacheFolder: string | undefined;
  readonly cacheBytes: number;
  readonly docker: DockerOptions;
  readonly progress: (progress: ReadProgress) => void;
  /** Sentences worth a line in a log that are no errors: a platform that was chosen, a layer that is not there. */
  readonly note?: (sentence: string) => void;
}

export interface DockerOptions {
  /** The CLI's path. */
  readonly path: string;
  /** As `DOCKER_HOST`; undefined: resolved as the CLI does. */
  readonly host: string | undefined;
  /** The environment to resolve contexts in. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
