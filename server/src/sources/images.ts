/** The one door to images: a name in skopeo's words goes in, facts come out, whatever the transport. */
import type { ImageFacts } from '../image/image.ts';
import type { ReadOptions } from './read-options.ts';
import { cancelled } from './source.ts';
import { transportOf } from './transports.ts';

export type { DockerOptions, ReadOptions } from './read-options.ts';

/** Throws SourceError. */
export async function readImage(source: string, options: ReadOptions, signal: AbortSignal): Promise<ImageFacts> {
  const { transport, rest } = transportOf(source);
  try {
    return await transport.read(rest, options, signal);
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}
