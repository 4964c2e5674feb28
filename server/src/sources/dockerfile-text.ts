/** The text of a Dockerfile from disk or from standard input. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SourceError } from './source.ts';

/** What `docker build` and `buildah build` take when they are not told. */
const defaultNames = ['Dockerfile', 'Containerfile'];

/** A build refuses larger files too; whoever names an image archive here should hear of it soon. */
const largestBytes = 4 * 1024 * 1024;

export interface DockerfileText {
  /** As given. */
  readonly name: string;
  readonly text: string;
}

/** `name`: a path, `-` for standard input, undefined for the default in `folder`. Throws SourceError. */
export async function readDockerfile(
  name: string | undefined,
  folder: string,
  stdin: AsyncIterable<Uint8Array>,
): Promise<DockerfileText> {
  if (name === '-') {
    return { name, text: await readAll(stdin, 'standard input') };
  }
  if (name !== undefined) {
    return { name, text: await readFileText(resolve(folder, name), name) };
  }
  for (const candidate of defaultNames) {
    try {
      return { name: candidate, text: await readFileText(resolve(folder, candidate), candidate) };
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind !== 'not-found') {
        throw error;
      }
    }
  }
  throw new SourceError('not-found', `there is no Dockerfile or Containerfile in ${folder}`, {
    hint: 'Name one with -f FILE, or - for standard input.',
  });
}

async function readFileText(path: string, name: string): Promise<string> {
  try {
    await using file = await open(path);
    return await readAll(file.createReadStream({ autoClose: false }), name);
  } catch (error) {
    throw error instanceof SourceError ? error : told(error, name);
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > largestBytes) {
      throw new SourceError('foreign', `${name} is too large to be a Dockerfile`, {
        hint: 'An image is named with --image, the Dockerfile with -f.',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function told(cause: unknown, name: string): SourceError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SourceError('not-found', `${name} does not exist`, { hint: 'Name the Dockerfile with -f FILE.', cause });
  }
  if (code === 'EISDIR') {
    return new SourceError('foreign', `${name} is a folder`, {
      hint: 'Name the Dockerfile in it with -f FILE.',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new SourceError('denied', `${name} may not be read`, { hint: 'Check its permissions.', cause });
  }
  return new SourceError('unreachable', `${name} could not be read`, { cause });
}
