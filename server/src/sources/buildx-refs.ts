/** The folder where buildx notes which Dockerfile and context each build was started with, before anything is asked of an engine. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { configFolder } from './docker-context.ts';
import type { DockerOptions } from './read-options.ts';
import { tryJson, textAt } from './untyped.ts';

export interface BuildRef {
  readonly builder: string;
  readonly node: string;
  readonly id: string;
  /** Absolute, as buildx noted it; links are not resolved. */
  readonly dockerfile: string;
}

/** Builds of a Dockerfile that were ever started by this user, newest first. Most have no record any more: engines keep fifty. */
export async function findRefs(dockerfile: string, docker: DockerOptions): Promise<readonly BuildRef[]> {
  const wanted = await identityOf(resolve(dockerfile));
  const identities = new Map<string, Promise<string>>();
  const found: { readonly ref: BuildRef; readonly modified: number }[] = [];
  for (const folder of await refFolders(docker)) {
    const ids = await readdir(folder.path).catch(() => []);
    for (let at = 0; at < ids.length; at += filesAtOnce) {
      const refs = await Promise.all(ids.slice(at, at + filesAtOnce).map((id) => readRef(folder, id)));
      for (const ref of refs.filter((ref) => ref !== undefined)) {
        const identity = identities.get(ref.dockerfile) ?? identityOf(ref.dockerfile);
        identities.set(ref.dockerfile, identity);
        if ((await identity) === wanted) {
          const file = await stat(join(folder.path, ref.id)).catch(() => undefined);
          found.push({ ref, modified: file?.mtimeMs ?? 0 });
        }
      }
    }
  }
  return found.toSorted((a, b) => b.modified - a.modified).map(({ ref }) => ref);
}

/** `$BUILDX_CONFIG/refs`, or `buildx/refs` in the folder of the CLI's configuration. */
export function refsFolder(env: DockerOptions['env']): string {
  return join(env['BUILDX_CONFIG'] || join(configFolder(env), 'buildx'), 'refs');
}

export interface RefFolder {
  readonly builder: string;
  readonly node: string;
  readonly path: string;
}

export async function refFolders(docker: DockerOptions): Promise<readonly RefFolder[]> {
  const root = refsFolder(docker.env);
  const folders = await Promise.all(
    (await foldersIn(root)).filter(isBuilder).map(async (builder) => {
      const nodes = await foldersIn(join(root, builder));
      return nodes.map((node): RefFolder => ({ builder, node, path: join(root, builder, node) }));
    }),
  );
  return folders.flat();
}

/** `__group__` holds what belongs together in a `bake`, no builds. */
function isBuilder(folder: string): boolean {
  return !folder.startsWith('__');
}

/** Undefined for a build without a Dockerfile of its own on this disk (piped in, or of a remote context), and for a file half written. */
export async function readRef(folder: RefFolder, id: string): Promise<BuildRef | undefined> {
  const path = join(folder.path, id);
  const note = notes.get(path) ?? readNote(await readFile(path, 'utf8').catch(() => ''));
  if (note === undefined) {
    return undefined;
  }
  notes.set(path, note);
  const dockerfile = await dockerfilePath(note.context, note.dockerfile);
  return dockerfile === undefined ? undefined : { builder: folder.builder, node: folder.node, id, dockerfile };
}

// A note never changes once it is whole, and buildx never removes one: each is read once in the life of a process.
const notes = new Map<string, Note>();

interface Note {
  readonly context: string;
  /** Undefined: the context's own. */
  readonly dockerfile: string | undefined;
}

function readNote(text: string): Note | undefined {
  const note = tryJson(text);
  const context = textAt(note, 'LocalPath');
  return context === undefined ? undefined : { context, dockerfile: textAt(note, 'DockerfilePath') };
}

const filesAtOnce = 64;

async function dockerfilePath(context: string, given: string | undefined): Promise<string | undefined> {
  if (context === '-' || given === '-' || isRemote(context)) {
    return undefined;
  }
  if (given !== undefined) {
    return isRemote(given) ? undefined : resolve(context, given);
  }
  // BuildKit takes `dockerfile` where there is no `Dockerfile`.
  const [usual, lowercase] = [join(context, 'Dockerfile'), join(context, 'dockerfile')];
  const found = await Promise.all([usual, lowercase].map((path) => stat(path).catch(() => undefined)));
  return found[0] === undefined && found[1] !== undefined ? lowercase : usual;
}

/** A context that is fetched: `https://…`, `git://…`, `git@host:…`, `ssh://…`, `docker-image://…`. */
function isRemote(context: string): boolean {
  return /^[a-z][a-z0-9+-]+:\/\//i.test(context) || context.startsWith('git@');
}

/** Equal for two paths that lead to one file, through whatever links; of a file that is gone, the path. */
async function identityOf(path: string): Promise<string> {
  const file = await stat(path, { bigint: true }).catch(() => undefined);
  return file === undefined ? path : `${file.dev}:${file.ino}`;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
