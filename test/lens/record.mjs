// Builds every case on a real engine and records what its image is made of, counted by `tar`, not by our own readers:
// `node test/lens/record.mjs [NAME…]`, then `UPDATE=1 npx vitest run test/lens`. Needs busybox:local and debian:bookworm in the engine.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases, unbuilt } from './cases.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);

for (const each of unbuilt.filter(isWanted)) {
  save(each.name, each.text, '{}');
}
for (const each of cases.filter(isWanted)) {
  console.log(each.name);
  record(each);
}

function isWanted({ name }) {
  return wanted.length === 0 || wanted.includes(name);
}

function record({ name, text, shown, files = {}, args = [], target, base, forgetText }) {
  const folder = mkdtempSync(join(tmpdir(), 'layer-lens-record-'));
  const tag = `ll-terminal-${name}:1`;
  try {
    if (base) {
      build(base.text, {}, [], base.name, join(folder, 'base'));
    }
    build(text, files, [...args, ...(target ? ['--target', target] : [])], tag, join(folder, 'context'));
    const image = readSaved(tag, join(folder, 'image'));
    const bases = Object.fromEntries(
      [...text.matchAll(/^FROM (\S+)/gim)]
        .map(([, from]) => from.replace('${TAG}', 'local'))
        .filter((from) => from.includes(':'))
        .map((from) => [from, readBase(from, join(folder, 'of-base'))]),
    );
    const builtText = shown !== undefined && !forgetText ? text : null;
    save(name, shown ?? text, lines({ options: { target: target ?? null }, ...image, bases, builtText }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    removeImages([tag, ...(base ? [base.name] : [])]);
  }
}

function build(text, files, args, tag, context) {
  for (const [path, content] of Object.entries({ ...files, Dockerfile: text })) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), content);
  }
  run('docker', ['buildx', 'build', '--quiet', '--provenance=false', '--tag', tag, ...args, context]);
}

/** Only names that this script gave; a build that failed left none. */
function removeImages(tags) {
  for (const tag of tags) {
    try {
      execFileSync('docker', ['image', 'rm', tag], { stdio: 'ignore' });
    } catch {
      // Not there.
    }
  }
}

function readSaved(tag, folder) {
  const { config, id, blobs } = unpack(tag, folder);
  return {
    id,
    platform: [config.os, config.architecture],
    created: config.created,
    config: readConfig(config.config),
    history: readHistory(config),
    layers: blobs.map((blob, index) => ({ diffId: config.rootfs.diff_ids[index], ...countTar(blob) })),
  };
}

function readBase(name, folder) {
  const { config } = unpack(name, folder);
  return { diffIds: config.rootfs.diff_ids, config: readConfig(config.config), history: readHistory(config) };
}

function unpack(tag, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run('docker', ['save', '--output', join(folder, 'image.tar'), tag]);
  run('tar', ['-xf', join(folder, 'image.tar'), '-C', folder]);
  const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const config = JSON.parse(readFileSync(join(folder, manifest.Config), 'utf8'));
  const id = `sha256:${manifest.Config.replace(/^.*\//, '').replace('.json', '')}`;
  return { config, id, blobs: manifest.Layers.map((layer) => join(folder, layer)) };
}

function readConfig(config) {
  return {
    env: config?.Env ?? [],
    workingDir: config?.WorkingDir ?? '',
    user: config?.User ?? '',
    shell: config?.Shell ?? null,
    onBuild: config?.OnBuild ?? [],
  };
}

function readHistory({ history = [] }) {
  return history.map((entry) => ({
    createdBy: entry.created_by ?? '',
    comment: entry.comment ?? null,
    emptyLayer: entry.empty_layer === true,
  }));
}

/** GNU tar prints one line per entry: mode, owner, size, date, time, name. Hard links print `h` and size 0. */
function countTar(blob) {
  const entries = run('tar', ['--quoting-style=escape', '-tvf', blob]).split('\n').filter(Boolean);
  const counts = { bytes: 0, files: 0, directories: 0, symlinks: 0, whiteouts: 0, emptyDiff: entries.length === 0 };
  for (const entry of entries) {
    const [, kind, size, name] = /^(.)\S+\s+\S+\s+([\d,]+)\s+\S+\s+\S+\s+(.*)$/.exec(entry);
    if (/(^|\/)\.wh\.[^/]+$/.test(name)) {
      counts.whiteouts++;
    } else if (kind === 'd') {
      counts.directories++;
    } else if (kind === 'l') {
      counts.symlinks++;
    } else if (kind === '-' || kind === 'h') {
      counts.files++;
      counts.bytes += kind === '-' ? Number(size) : 0;
    }
  }
  return counts;
}

/** Readable in a diff: one line for each layer and history entry. */
function lines(recorded) {
  const fields = Object.entries(recorded).map(([key, value]) =>
    Array.isArray(value) && typeof value[0] === 'object'
      ? `  ${JSON.stringify(key)}: [\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
      : `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${fields.join(',\n')}\n}`;
}

/** The last part is the test's to write. */
function save(name, text, layers) {
  const file = join(here, `${name}.lens`);
  const golden = existsSync(file) ? readFileSync(file, 'utf8').split('\n-- lens --\n')[1] : '';
  writeFileSync(file, `${text}-- layers --\n${layers}\n-- lens --\n${golden}`);
}

function run(program, args) {
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
}
