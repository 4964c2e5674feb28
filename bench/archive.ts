/** A 2 GB archive as `docker save` writes it, 70,000 entries, in page cache: its layers' sizes and whole index, beside `tar -tf`. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImage } from '../server/src/sources/images.ts';
import type { ReadOptions } from '../server/src/sources/read-options.ts';

export interface ArchiveBench {
  readonly name: string;
  /** Milliseconds, one a round. */
  readonly ours: readonly number[];
  readonly rival: readonly number[];
  readonly rivalName: string;
  readonly limit: 0.5;
}

const rounds = 9;
const warmUps = 4;

export async function benchArchive(): Promise<ArchiveBench> {
  const folder = mkdtempSync(join(tmpdir(), 'layer-lens-bench-'));
  try {
    const made = writeArchive(folder);
    const ours: number[] = [];
    const rival: number[] = [];
    for (let round = -warmUps; round < rounds; round++) {
      // By turns, so that whatever else the machine does meets both.
      const own = await timeOurs(made);
      const other = timeTar(made.layers);
      if (round >= 0) {
        ours.push(own);
        rival.push(other);
      }
    }
    return {
      name: `sizes and file index of a ${(made.bytes / 1e9).toFixed(1)} GB archive, ${made.entries} entries`,
      ours,
      rival,
      rivalName: 'tar -tf of its extracted layers',
      limit: 0.5,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const options: ReadOptions = {
  platform: undefined,
  contents: true,
  cacheFolder: undefined,
  cacheBytes: 0,
  docker: { path: 'docker', host: undefined, env: {} },
  progress: () => undefined,
};

interface Made {
  readonly archive: string;
  readonly layers: readonly string[];
  readonly entries: number;
  readonly bytes: number;
  /** Of all files: what has to come out. */
  readonly fileBytes: number;
}

async function timeOurs({ archive, entries, fileBytes }: Made): Promise<number> {
  const start = performance.now();
  const { image, netBytes } = await readImage(`docker-archive:${archive}`, options, new AbortController().signal);
  const took = performance.now() - start;
  const sum = image.layers.reduce((bytes, layer) => bytes + (layer.bytes ?? 0), 0);
  const counted = image.layers.reduce((n, { contents }) => n + contents!.files + contents!.directories, 0);
  if (sum !== fileBytes || netBytes !== fileBytes || counted !== entries) {
    throw new Error(
      `the archive was read wrong: ${sum} and ${netBytes} bytes of ${fileBytes}, ${counted} of ${entries} entries`,
    );
  }
  return took;
}

/** The names are handed to us through a pipe, as any program that lists an archive gets them. */
function timeTar(layers: readonly string[]): number {
  return layers.reduce((sum, layer) => {
    const start = performance.now();
    const { status, stdout } = spawnSync('tar', ['-tf', layer], { maxBuffer: 1 << 28 });
    const took = performance.now() - start;
    if (status !== 0 || stdout.length === 0) {
      throw new Error(`tar cannot list ${layer}`);
    }
    return sum + took;
  }, 0);
}

/** Entries of each layer: a base, packages, an application, its build. */
const layerEntries = [32_000, 22_000, 12_000, 4_000];

/**
 * Sizes of the 129,692 files in /usr of a Debian machine with compilers: the share of files up to each size, the largest cut
 * off so that 70,000 of them make 2 GB.
 */
const sizeQuantiles: readonly (readonly [number, number])[] = [
  [0, 0],
  [0.05, 187],
  [0.1, 366],
  [0.25, 866],
  [0.5, 1_959],
  [0.75, 6_852],
  [0.9, 24_639],
  [0.95, 56_506],
  [0.99, 298_052],
  [0.999, 4_000_000],
  [1, 5_000_000],
];

interface PlannedFile {
  readonly path: string;
  /** Undefined for a directory. */
  readonly size: number | undefined;
}

function writeArchive(folder: string): Made {
  const random = randomNumbers();
  const planned = layerEntries.map((count, layer) => planLayer(layer, count, random));
  const layers = planned.map((files, at) => writeLayer(join(folder, `layer-${at}.tar`), files));
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ hash }) => `sha256:${hash}`) },
    history: layers.map((_, at) => ({ created_by: `RUN step ${at} # buildkit`, comment: 'buildkit.dockerfile.v0' })),
  });
  const archive = join(folder, 'image.tar');
  const bytes = writeSaved(archive, layers, planned, config);
  return {
    archive,
    layers: layers.map(({ path }) => path),
    entries: planned.flat().length,
    bytes,
    fileBytes: planned.flat().reduce((sum, { size }) => sum + (size ?? 0), 0),
  };
}

function planLayer(layer: number, count: number, random: () => number): PlannedFile[] {
  const files: PlannedFile[] = [];
  for (let at = 0; at < count; at++) {
    const directory = `usr/lib/part-${layer}/group-${String(Math.floor(at / 500)).padStart(3, '0')}/package-${String(Math.floor(at / 20)).padStart(5, '0')}`;
    files.push(
      at % 20 === 0
        ? { path: `${directory}/`, size: undefined }
        : { path: `${directory}/file-${at % 20}.js`, size: sizeAt(random()) },
    );
  }
  return files;
}

function sizeAt(share: number): number {
  const above = sizeQuantiles.findIndex(([upTo]) => upTo >= share);
  const [highShare, high] = sizeQuantiles[Math.max(1, above)]!;
  const [lowShare, low] = sizeQuantiles[Math.max(1, above) - 1]!;
  return Math.round(low + ((share - lowShare) / (highShare - lowShare)) ** 2 * (high - low));
}

/** The same numbers in every run (mulberry32). */
function randomNumbers(): () => number {
  let state = 20_260_101;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Contents are zeros that take no disk: what is measured is the way through the headers. */
function writeEntries(
  file: number,
  start: number,
  files: readonly PlannedFile[],
  hash: ReturnType<typeof createHash>,
): number {
  let at = start;
  const zeros = Buffer.alloc(1 << 20);
  const add = (bytes: Uint8Array): void => {
    writeSync(file, bytes, 0, bytes.length, at);
    hash.update(bytes);
    at += bytes.length;
  };
  for (const { path, size } of files) {
    add(headerOf(path, size));
    const padded = Math.ceil((size ?? 0) / 512) * 512;
    for (let left = padded; left > 0; left -= zeros.length) {
      hash.update(zeros.subarray(0, Math.min(left, zeros.length)));
    }
    at += padded;
  }
  hash.update(zeros.subarray(0, 1024));
  return at + 1024;
}

function writeLayer(path: string, files: readonly PlannedFile[]): { path: string; hash: string; bytes: number } {
  const file = openSync(path, 'w');
  const hash = createHash('sha256');
  const bytes = writeEntries(file, 0, files, hash);
  ftruncateSync(file, bytes);
  closeSync(file);
  return { path, hash: hash.digest('hex'), bytes };
}

/** As Engine 25 and later: an OCI layout with a manifest.json beside it. */
function writeSaved(
  path: string,
  layers: readonly { readonly hash: string; readonly bytes: number }[],
  planned: readonly (readonly PlannedFile[])[],
  config: string,
): number {
  const file = openSync(path, 'w');
  let at = 0;
  const add = (name: string, content: string): void => {
    at += writeSync(file, headerOf(name, content.length), 0, 512, at);
    writeSync(file, content, at);
    at += Math.ceil(content.length / 512) * 512;
  };
  for (const [layer, { hash, bytes }] of layers.entries()) {
    at += writeSync(file, headerOf(`blobs/sha256/${hash}`, bytes), 0, 512, at);
    at = writeEntries(file, at, planned[layer]!, createHash('sha256'));
  }
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: `sha256:${digest(config)}`,
      size: config.length,
    },
    layers: layers.map(({ hash, bytes }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: `sha256:${hash}`,
      size: bytes,
    })),
  });
  add(`blobs/sha256/${digest(config)}`, config);
  add(`blobs/sha256/${digest(manifest)}`, manifest);
  add(
    'index.json',
    JSON.stringify({ schemaVersion: 2, manifests: [{ digest: `sha256:${digest(manifest)}`, size: manifest.length }] }),
  );
  add(
    'manifest.json',
    JSON.stringify([
      {
        Config: `blobs/sha256/${digest(config)}`,
        RepoTags: ['bench:1'],
        Layers: layers.map(({ hash }) => `blobs/sha256/${hash}`),
      },
    ]),
  );
  add('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  ftruncateSync(file, at + 1024);
  closeSync(file);
  return at + 1024;
}

function headerOf(path: string, size: number | undefined): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(path, 0);
  header.write(octal(size === undefined ? 0o755 : 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size ?? 0, 11), 124);
  header.write(octal(1_700_000_000, 11), 136);
  header.write('        ', 148);
  header.write(size === undefined ? '5' : '0', 156);
  header.write('ustar\x0000', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    ),
    148,
  );
  return header;
}
