/** The ways to name an image, in skopeo's words. Help texts are made from this list. */
import { existsSync } from 'node:fs';
import type { ImageFacts } from '../image/image.ts';
import { readFileImage } from './archive.ts';
import { readEngineImage } from './engine.ts';
import type { ReadOptions } from './read-options.ts';
import { SourceError } from './source.ts';

export interface Transport {
  readonly name: string;
  readonly example: string;
  /** Ends "Reads …". */
  readonly reads: string;
  readonly read: (rest: string, options: ReadOptions, signal: AbortSignal) => Promise<ImageFacts>;
}

export const transports: readonly Transport[] = [
  {
    name: 'docker-daemon',
    example: 'docker-daemon:app:1',
    reads: 'an image of the running engine',
    read: readEngineImage,
  },
  {
    name: 'docker-archive',
    example: 'docker-archive:app.tar',
    reads: 'what `docker save` wrote, also compressed; `-` reads it from standard input',
    read: (rest, options, signal) => readFileImage('docker-archive', rest, options, signal),
  },
  {
    name: 'oci-archive',
    example: 'oci-archive:app.tar:1',
    reads: 'what `docker buildx build -o type=oci,dest=app.tar .` wrote',
    read: (rest, options, signal) => readFileImage('oci-archive', rest, options, signal),
  },
  {
    name: 'oci',
    example: 'oci:folder:1',
    reads: 'a folder with an OCI layout',
    read: (rest, options, signal) => readFileImage('oci', rest, options, signal),
  },
];

/** A path without a transport is an archive or a folder; which one is seen when it is opened. Throws SourceError. */
export function transportOf(source: string): { readonly transport: Transport; readonly rest: string } {
  const colon = source.indexOf(':');
  const named = transports.find(({ name }) => colon > 0 && name === source.slice(0, colon));
  if (named !== undefined) {
    return { transport: named, rest: requireRest(source.slice(colon + 1), named) };
  }
  if (source === '-' || existsSync(source) || looksLikePath(source)) {
    return { transport: transports.find(({ name }) => name === 'docker-archive')!, rest: source };
  }
  throw unknownTransport(source);
}

function requireRest(rest: string, { name, example }: Transport): string {
  if (rest === '') {
    throw new SourceError('not-found', `"${name}:" names no image.`, { hint: `For example ${example}.` });
  }
  return rest;
}

function looksLikePath(source: string): boolean {
  return /^(\.{0,2}[\\/]|[a-z]:[\\/]|~)/i.test(source) || /\.(tar|tgz|tar\.gz|tar\.zst|oci)(:.*)?$/i.test(source);
}

function unknownTransport(source: string): SourceError {
  const examples = transports.map(({ example }) => example).join(', ');
  if (source.startsWith('docker://')) {
    return new SourceError('unsupported', `Images are not read from registries: ${source}.`, {
      hint: `Pull it first and name it docker-daemon:${source.slice('docker://'.length)}.`,
    });
  }
  return new SourceError('not-found', `"${source}" is no file and no folder, and it does not say where the image is.`, {
    hint: `For an image of the engine: docker-daemon:${source}. All forms: ${examples}.`,
  });
}
