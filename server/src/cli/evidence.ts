/** What a command gathers about a Dockerfile before it asks `lens`: the image, the build that left it, the bases. */
import { resolve } from 'node:path';
import { planBuild, type BuildOptions } from '../build/plan.ts';
import { isRecordOf, isRecordOfTarget, type BuildRecord } from '../build/record.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { BaseImage, ImageFacts } from '../image/image.ts';
import type { Evidence } from '../lens.ts';
import { settings } from '../settings.ts';
import { findBuild } from '../sources/buildx.ts';
import { cacheFoldersIn, userCacheFolder } from '../sources/cache-folder.ts';
import type { DockerfileText } from '../sources/dockerfile-text.ts';
import { readBase } from '../sources/engine.ts';
import { readImage, type DockerOptions } from '../sources/images.ts';
import { SourceError } from '../sources/source.ts';
import type { Terminal } from './terminal.ts';

export interface Question {
  readonly dockerfile: DockerfileText;
  readonly build: BuildOptions;
  /** Undefined: the image of the last build, where an engine tells of one. */
  readonly image: string | undefined;
  /** Whether an engine may be asked for what nobody named. */
  readonly engine: 'asked' | 'left alone';
  readonly contents: boolean;
}

/** Nobody waits longer than this for an engine they did not name. */
const patience = 4_000;

/** Throws SourceError only for an image that was named. */
export async function gatherEvidence(question: Question, terminal: Terminal, signal: AbortSignal): Promise<Evidence> {
  const docker: DockerOptions = { path: 'docker', host: undefined, env: terminal.env };
  const short = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const [record, bases] =
    question.engine === 'asked'
      ? await Promise.all([lastBuild(question, terminal, docker, short), knownBases(question, docker, short)])
      : [undefined, new Map<string, BaseImage>()];
  const image = await measuredImage(question, record, terminal, docker, signal);
  return {
    bases,
    image,
    record: record && image && isRecordOf(record, image.image) ? record : undefined,
    builtText: undefined,
  };
}

async function measuredImage(
  question: Question,
  record: BuildRecord | undefined,
  terminal: Terminal,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<ImageFacts | undefined> {
  const read = async (source: string): Promise<ImageFacts> => {
    try {
      const { platform } = question.build;
      const options = {
        platform,
        contents: question.contents,
        ...cacheOptions(terminal),
        docker,
        progress: terminal.progress,
        note: terminal.note,
      };
      return await readImage(source, options, signal);
    } finally {
      terminal.quiet();
    }
  };
  if (question.image !== undefined) {
    return await read(question.image);
  }
  if (record?.imageId === undefined) {
    return undefined;
  }
  const source = `docker-daemon:${record.imageId}`;
  // The image of a build can be gone from the engine by now; then this file is simply not measured.
  return await unlessUnreachable(read(source), (sentence) => {
    terminal.note(`The image of the last build could not be read: ${sentence}.`);
  });
}

async function lastBuild(
  { dockerfile, image, build }: Question,
  terminal: Terminal,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<BuildRecord | undefined> {
  if (dockerfile.name === '-') {
    return undefined;
  }
  const path = resolve(terminal.folder, dockerfile.name);
  const found = await unlessUnreachable(findBuild(path, dockerfile.text, docker, signal), (sentence) => {
    if (image === undefined) {
      terminal.note(`The last build was not looked up: ${sentence}.`);
    }
  });
  return found && isRecordOfTarget(found, build.target) ? found : undefined;
}

/** Configuration and triggers of the images in FROM lines, as far as the engine has them. */
async function knownBases(
  { dockerfile, build }: Question,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BaseImage>> {
  const plan = planBuild(parseDockerfile(dockerfile.text), new Map(), build);
  const names = new Set(plan.stages.flatMap(({ base }) => (base.kind === 'image' && base.name ? [base.name] : [])));
  const bases = new Map<string, BaseImage>();
  for (const name of names) {
    const base = await unlessUnreachable(readBase(name, docker, signal), () => undefined);
    if (base) {
      bases.set(name, base);
    } else if (signal.aborted) {
      break;
    }
  }
  return bases;
}

function cacheOptions(terminal: Terminal): { cacheFolder: string; cacheBytes: number } {
  return {
    cacheFolder: cacheFoldersIn(userCacheFolder(terminal.env)).layers,
    cacheBytes: settings['cache.megabytes'].default * 1_000_000,
  };
}

/** For what nobody asked for by name: without an engine the answer is smaller, not wrong. */
async function unlessUnreachable<T>(wanted: Promise<T>, tell: (sentence: string) => void): Promise<T | undefined> {
  try {
    return await wanted;
  } catch (error) {
    if (!(error instanceof SourceError)) {
      throw error;
    }
    // An engine that is not there is nothing to speak of; one that was there and failed is.
    if (error.kind !== 'unreachable' && error.kind !== 'not-found') {
      tell(error.kind === 'cancelled' ? 'the engine took too long' : error.message);
    }
    return undefined;
  }
}
