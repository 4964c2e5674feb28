/** Small images as `docker save` writes them, made of nothing but what a test says. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';

/** One instruction's part of an image: its history text, and the files of its layer; without files it made none. */
export interface ArchiveStep {
  readonly createdBy: string;
  /** Path to size in bytes; a path with a slash at its end is a folder. */
  readonly files?: Readonly<Record<string, number>>;
}

export async function writeArchive(file: string, steps: readonly ArchiveStep[]): Promise<void> {
  await writeFile(file, await archive(steps));
}

export async function archive(steps: readonly ArchiveStep[]): Promise<Buffer> {
  const layers: { readonly name: string; readonly tar: Buffer; readonly diffId: string }[] = [];
  for (const { files } of steps) {
    if (files) {
      const tar = await tarOf(Object.entries(files).map(([name, size]) => ({ name, bytes: Buffer.alloc(size, 1) })));
      const hash = sha256(tar);
      layers.push({ name: `blobs/sha256/${hash}`, tar, diffId: `sha256:${hash}` });
    }
  }
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: '2026-01-02T03:04:05Z',
      config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: steps.map(({ createdBy, files }) => ({
        created: '2026-01-02T03:04:05Z',
        created_by: createdBy,
        comment: 'buildkit.dockerfile.v0',
        ...(files ? {} : { empty_layer: true }),
      })),
    }),
  );
  const configName = `blobs/sha256/${sha256(config)}`;
  const manifest = [{ Config: configName, RepoTags: ['test:latest'], Layers: layers.map(({ name }) => name) }];
  return await tarOf([
    ...layers.map(({ name, tar }) => ({ name, bytes: tar })),
    { name: configName, bytes: config },
    { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

async function tarOf(entries: readonly { readonly name: string; readonly bytes: Buffer }[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, bytes } of entries) {
    tar.entry(name.endsWith('/') ? { name, type: 'directory' } : { name, size: bytes.length }, bytes);
  }
  tar.finalize();
  return await collect(tar);
}

async function collect(tar: Pack): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tar) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
