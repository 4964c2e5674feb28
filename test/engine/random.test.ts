/**
 * Random Dockerfiles, built for real. The build's own metadata says which lines made which layer; an archive of the image,
 * read without any record and without the base, must lead to the same answer, or to none.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lens } from '../../server/src/lens.ts';
import { readBase } from '../../server/src/sources/engine.ts';
import { readImage } from '../../server/src/sources/images.ts';
import { docker, dockerOptions, noSignal, readOptions, run } from './docker.ts';
import { randomDockerfile } from './random-dockerfile.ts';
import { readSavedImage } from './saved-image.ts';

const builds = Number(process.env['LAYER_LENS_RANDOM_BUILDS'] ?? 12);
const firstSeed = Number(process.env['LAYER_LENS_RANDOM_SEED'] ?? 1);

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-random-'));
});

const tags = new Set<string>();

afterAll(async () => {
  await docker(['image', 'rm', '--force', ...tags]);
  await rm(folder, { recursive: true, force: true });
});

test.each(Array.from({ length: builds }, (_, at) => firstSeed + at))('seed %i', async (seed) => {
  const program = randomDockerfile(seed);
  const tag = `layer-lens-test-random-${process.pid}-${seed}`;
  tags.add(tag);
  const made = await build(program, tag);
  const archive = join(folder, `${tag}.tar`);
  expect((await docker(['save', '-o', archive, tag])).stderr).toBe('');
  await mkdir(join(folder, `${tag}-saved`));
  const saved = await readSavedImage(archive, join(folder, `${tag}-saved`));
  const image = await readImage(`docker-archive:${archive}`, readOptions(true), noSignal);
  const base = await readBase('busybox:local', dockerOptions, noSignal);
  const options = { target: program.target, buildArgs: program.args, platform: undefined };
  const config = { build: options, levels: new Map(), largeLayerBytes: 1e12 };
  for (const bases of [new Map(base ? [['busybox:local', base]] : []), new Map<string, never>()]) {
    const insights = lens(program.text, { bases, image, record: undefined, builtText: undefined }, config);
    const told = insights.flatMap((insight) => {
      if (insight.kind !== 'layer') {
        return [];
      }
      const { layer } = insight;
      const own = layer
        ? [`${insight.lines.start + 1}-${insight.lines.end + 1}: ${layer.index} ${layer.layer.bytes}`]
        : [];
      const triggers = insight.onbuild.flatMap((one) =>
        one.layer
          ? [`${insight.lines.start + 1}-${insight.lines.end + 1}: ${one.layer.index} ${one.layer.layer.bytes}`]
          : [],
      );
      return [...own, ...triggers];
    });
    const expected = made.map(({ start, end, index }) => `${start}-${end}: ${index} ${saved[index]!.bytes}`);
    expect({ text: program.text, layers: byIndex(told) }).toEqual({ text: program.text, layers: byIndex(expected) });
  }
});

function byIndex(lines: readonly string[]): string[] {
  return lines.toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]));
}

interface Made {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

interface Metadata {
  readonly 'buildx.build.provenance': {
    readonly metadata: Record<
      'https://mobyproject.org/buildkit@v1#metadata',
      {
        readonly source: {
          readonly locations: Record<
            string,
            { readonly locations?: { readonly ranges: { start: { line: number } }[] }[] }
          >;
        };
        readonly layers: Record<string, { digest: string }[][]>;
      }
    >;
  };
}

/** Which lines made which layer of the image, from the metadata that buildx writes. */
async function build(program: ReturnType<typeof randomDockerfile>, tag: string): Promise<Made[]> {
  const context = join(folder, tag);
  for (const [name, content] of program.files) {
    await mkdir(join(context, name, '..'), { recursive: true });
    await writeFile(join(context, name), content);
  }
  await writeFile(join(context, 'Dockerfile'), program.text);
  const args = [...program.args].flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const target = program.target === undefined ? [] : ['--target', program.target];
  const metadataFile = join(context, '..', `${tag}.json`);
  const ended = await run(
    'docker',
    [
      'buildx',
      'build',
      '--quiet',
      '--load',
      '--tag',
      tag,
      '--metadata-file',
      metadataFile,
      ...args,
      ...target,
      context,
    ],
    { env: { ...process.env, BUILDX_METADATA_PROVENANCE: 'max' } },
  );
  if (ended.code !== 0) {
    throw new Error(`${program.text}
${ended.stderr}`);
  }
  const metadata = JSON.parse(await readFile(metadataFile, 'utf8')) as Metadata;
  const { source, layers } =
    metadata['buildx.build.provenance'].metadata['https://mobyproject.org/buildkit@v1#metadata'];
  const chain =
    Object.values(layers)
      .flat()
      .toSorted((a, b) => b.length - a.length)[0] ?? [];
  return Object.entries(layers).flatMap(([step, lists]) => {
    const list = lists.find((one) => one.length > 0 && one.every(({ digest }, at) => chain[at]!.digest === digest));
    const [first, ...others] = source.locations[step.replace(/:\d+$/, '')]?.locations ?? [];
    const lines = first?.ranges.map((range) => range.start.line) ?? [];
    // A step of several places, and the base itself, are left to the other tests.
    const isBase =
      program.text.split('\n')[lines[0]! - 1]?.startsWith('FROM') === true && list?.length === program.baseLayers;
    return list && lines.length > 0 && others.length === 0 && !isBase
      ? [{ start: Math.min(...lines), end: Math.max(...lines), index: list.length - 1 }]
      : [];
  });
}
