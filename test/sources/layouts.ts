/** Other layouts of the archive that an Engine wrote: what engines before 25 save, and podman and buildah. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract, pack } from 'tar-stream';

export interface Member {
  readonly name: string;
  readonly type: 'file' | 'symlink' | 'directory';
  readonly bytes: Uint8Array;
  readonly target: string;
}

export function fixture(name: string): string {
  return join(import.meta.dirname, 'fixtures', name);
}

export function file(name: string, bytes: Uint8Array | string): Member {
  return { name, type: 'file', bytes: Buffer.from(bytes), target: '' };
}

export function symlink(name: string, target: string): Member {
  return { name, type: 'symlink', bytes: new Uint8Array(0), target };
}

export function directory(name: string): Member {
  return { name, type: 'directory', bytes: new Uint8Array(0), target: '' };
}

export async function tarOf(members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, type, bytes, target } of members) {
    archive.entry({ name, type, linkname: target }, Buffer.from(bytes));
  }
  archive.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of archive) {
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}

export async function membersOf(tar: Uint8Array): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>();
  const archive = extract();
  archive.end(tar);
  for await (const entry of archive) {
    const parts: Uint8Array[] = [];
    for await (const part of entry) {
      parts.push(part as Uint8Array);
    }
    if (entry.header.type === 'file') {
      members.set(entry.header.name, Buffer.concat(parts));
    }
  }
  return members;
}

interface Saved {
  readonly config: Buffer;
  readonly configHash: string;
  readonly tags: readonly string[];
  readonly layers: readonly Buffer[];
}

async function savedImage(): Promise<Saved> {
  const members = await membersOf(readFileSync(fixture('graph-save.tar')));
  const [image] = JSON.parse(members.get('manifest.json')!.toString()) as {
    Config: string;
    RepoTags: string[];
    Layers: string[];
  }[];
  return {
    config: members.get(image!.Config)!,
    configHash: image!.Config.split('/').at(-1)!,
    tags: image!.RepoTags,
    layers: image!.Layers.map((path) => members.get(path)!),
  };
}

/** Engines before 25: a folder a layer; a layer that occurs before is a symlink to the first. */
export async function oldSave(): Promise<Buffer> {
  const { config, configHash, tags, layers } = await savedImage();
  const ids = layers.map((_, at) => sha(`layer ${at}`));
  const manifest = [{ Config: `${configHash}.json`, RepoTags: tags, Layers: ids.map((id) => `${id}/layer.tar`) }];
  const folders = layers.flatMap((layer, at) => {
    // The second layer stands elsewhere, as when another image of the archive brought it.
    const isLinked = at === 1;
    return [
      directory(`${ids[at]}/`),
      file(`${ids[at]}/VERSION`, '1.0'),
      file(`${ids[at]}/json`, JSON.stringify({ id: ids[at], created: '1970-01-01T00:00:00Z' })),
      isLinked ? symlink(`${ids[at]}/layer.tar`, `../${sha('other')}/layer.tar`) : file(`${ids[at]}/layer.tar`, layer),
    ];
  });
  return await tarOf([
    ...folders,
    directory(`${sha('other')}/`),
    file(`${sha('other')}/layer.tar`, layers[1]!),
    file(`${configHash}.json`, config),
    file('manifest.json', JSON.stringify(manifest)),
    file('repositories', '{}'),
  ]);
}

/** podman and buildah: layers by diff id at the top, and symlinks for readers of the old layout. */
export async function podmanSave(): Promise<Buffer> {
  const { config, configHash, tags, layers } = await savedImage();
  const names = layers.map((layer) => `${sha(layer)}.tar`);
  const manifest = [{ Config: `${configHash}.json`, RepoTags: tags.map((tag) => `localhost/${tag}`), Layers: names }];
  return await tarOf([
    ...layers.map((layer, at) => file(names[at]!, layer)),
    ...names.map((name, at) => symlink(`${sha(`old ${at}`)}/layer.tar`, `../${name}`)),
    file(`${configHash}.json`, config),
    file('manifest.json', JSON.stringify(manifest)),
  ]);
}

export function sha(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
