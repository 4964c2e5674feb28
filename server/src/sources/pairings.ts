/** Which image belongs to which Dockerfile, remembered between sessions: one small file per Dockerfile, the oldest forgotten. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../image/image.ts';
import { numberAt, textAt, tryJson } from './untyped.ts';

export interface Pairing {
  /** `asked`: a person chose the image. `found`: the last build told it. `cleared`: a person wanted none; older builds stay unseen. */
  readonly how: 'asked' | 'found' | 'cleared';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: string | undefined;
  /** As `imageKey` makes it. */
  readonly image: string | undefined;
  /** The text that this image was built from. */
  readonly builtText: string | undefined;
}

/** A text this long is no Dockerfile that a person keeps; it is remembered without. */
const longestText = 256 * 1024;
const mostPairings = 500;

/** `dockerfile` is an absolute path. Undefined where nothing, or nothing readable, is remembered. */
export async function readPairing(folder: string, dockerfile: string): Promise<Pairing | undefined> {
  const file = fileOf(folder, dockerfile);
  const json = await readFile(file, 'utf8').then(tryJson, () => undefined);
  const how = textAt(json, 'how');
  const at = numberAt(json, 'at');
  if (textAt(json, 'dockerfile') !== dockerfile || at === undefined) {
    return undefined;
  }
  if (how !== 'asked' && how !== 'found' && how !== 'cleared') {
    return undefined;
  }
  // Used is as good as new when the oldest are forgotten.
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
  return {
    how,
    at,
    source: textAt(json, 'source'),
    image: textAt(json, 'image'),
    builtText: textAt(json, 'builtText'),
  };
}

/** Whole or not at all: another window may read or write the same file now. */
export async function writePairing(folder: string, dockerfile: string, pairing: Pairing): Promise<void> {
  const builtText = (pairing.builtText?.length ?? 0) <= longestText ? pairing.builtText : undefined;
  await mkdir(folder, { recursive: true });
  const file = fileOf(folder, dockerfile);
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, JSON.stringify({ dockerfile, ...pairing, builtText }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await forgetOldest(folder);
}

/** The same for one image wherever it is read from. Ids are not: stores name an image by its config, its manifest or its index. */
export function imageKey({ layers, history }: Image): string {
  const identity = [
    layers.map(({ diffId }) => diffId),
    history.map(({ createdBy, emptyLayer }) => [createdBy, emptyLayer]),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

function fileOf(folder: string, dockerfile: string): string {
  return join(folder, `${createHash('sha256').update(dockerfile).digest('hex')}.json`);
}

async function forgetOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= mostPairings) {
    return;
  }
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const used = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { path, used };
    }),
  );
  const oldest = files.toSorted((a, b) => a.used - b.used).slice(0, files.length - mostPairings);
  await Promise.all(oldest.map(({ path }) => rm(path, { force: true })));
}
