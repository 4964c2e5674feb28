/** Real builds: what each line is said to have put into the image, against the build's own record and against `docker save`. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BuildRecord } from '../../server/src/build/record.ts';
import type { BaseImage, ImageFacts } from '../../server/src/image/image.ts';
import type { LayerInsight, MeasuredLayer } from '../../server/src/insights/insight.ts';
import { lens } from '../../server/src/lens.ts';
import { searchBuild } from '../../server/src/sources/buildx.ts';
import { readBase } from '../../server/src/sources/engine.ts';
import { readImage } from '../../server/src/sources/images.ts';
import type { LineRange } from '../../server/src/text/lines.ts';
import { cases, type BuildCase } from './cases.ts';
import { docker, dockerOptions, dockerText, noSignal, readOptions, run } from './docker.ts';
import { readSavedImage, type SavedLayer } from './saved-image.ts';

let folder = '';
let exactSizes = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-test-'));
  // The containerd store counts disk blocks: sizes are then known only once the contents are read.
  exactSizes = !(await dockerText(['info', '--format', '{{.DriverStatus}}'])).includes('driver-type');
});

afterAll(async () => {
  const parents = cases.flatMap(({ parent }) => (parent === undefined ? [] : [`layer-lens-test-${parent.name}`]));
  await docker(['image', 'rm', ...parents]);
  await rm(folder, { recursive: true, force: true });
});

test.each(cases.map((buildCase) => [buildCase.name, buildCase] as const))('%s', async (_, buildCase) => {
  try {
    await check(buildCase);
  } finally {
    // Names only: layers that others share stay, and so does the build cache.
    await docker(['image', 'rm', `layer-lens-test-${buildCase.name}:${process.pid}`]);
  }
});

async function check(buildCase: BuildCase): Promise<void> {
  const { text, marks } = takeMarks(buildCase);
  const tag = `layer-lens-test-${buildCase.name}:${process.pid}`;
  const record = await build(buildCase, text, tag);
  const saved = await save(tag, buildCase.name);
  const baseLayers = await countBaseLayers(text);
  const expected = expectedLines(marks, saved, baseLayers);
  const bases = await basesOf(text);
  const whole = await readImage(`docker-daemon:${tag}`, readOptions(true), noSignal);

  expectQuickSizes(await readImage(`docker-daemon:${tag}`, readOptions(false), noSignal), saved, baseLayers);
  for (const facts of saved.length > 0 ? [whole, await archived(buildCase.name)] : [whole]) {
    expect(sizesOf(facts)).toEqual(saved.map(({ diffId, bytes, files }) => ({ diffId, bytes, files })));
    expect(withoutProof(lensLines(text, facts, undefined, bases, record))).toEqual(expected);
    if (record !== undefined) {
      expect(facts.image.id).toBe(record.configDigest);
      expect(lensLines(text, facts, record, bases)).toEqual(expected.map((line) => ({ ...line, proof: 'provenance' })));
    }
  }
  if (record !== undefined) {
    expect(recordedLines(record, marks, saved)).toEqual(expected.map(({ lines, diffId }) => ({ lines, diffId })));
  }
}

interface ExpectedLine {
  readonly lines: LineRange;
  readonly diffId: string;
  readonly bytes: number;
}

function takeMarks(buildCase: BuildCase): { readonly text: string; readonly marks: readonly LineRange[] } {
  const marks: LineRange[] = [];
  let text = '';
  let start = 0;
  for (const part of buildCase.text.split(/([«»])/)) {
    const line = text.split('\n').length - 1;
    if (part === '«') {
      start = line;
    } else if (part === '»') {
      const isFrom = /^\s*FROM/i.test(text.split('\n')[start] ?? '');
      const layers = isFrom ? (buildCase.triggers ?? 1) : 1;
      marks.push(...Array.from({ length: layers }, () => ({ start, end: line })));
    } else {
      text += part;
    }
  }
  return { text, marks };
}

/** BuildKit keeps the last fifty builds: where others build at the same time, a record may be gone before it was read. */
async function build(buildCase: BuildCase, text: string, tag: string): Promise<BuildRecord | undefined> {
  const context = join(folder, buildCase.name);
  await writeContext(context, buildCase, text);
  if (buildCase.parent !== undefined) {
    const { name, text: parent } = buildCase.parent;
    await dockerText(['build', '-q', '-t', `layer-lens-test-${name}`, '-'], { input: parent });
  }
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await dockerText(['build', '-q', '-t', tag, ...(buildCase.args ?? []), '.'], { cwd: context });
    const search = await searchBuild(join(context, 'Dockerfile'), text, dockerOptions, noSignal);
    if (search.kind === 'found') {
      const { text: recorded, imageId } = search.record;
      const built = await dockerText(['image', 'inspect', '--format', '{{.Id}}', tag]);
      expect({ recorded, imageId, unrecorded: undefined }).toEqual({
        recorded: text,
        imageId: built,
        unrecorded: buildCase.unrecorded,
      });
      return search.record;
    }
    if (buildCase.unrecorded && search.reason !== 'record-gone') {
      expect(search.reason).toBe('no-provenance');
      return undefined;
    }
  }
  throw new Error(`no record of the build of ${buildCase.name}`);
}

async function writeContext(context: string, buildCase: BuildCase, text: string): Promise<void> {
  for (const [name, content] of Object.entries({ ...buildCase.files, Dockerfile: text })) {
    await mkdir(dirname(join(context, name)), { recursive: true });
    await writeFile(join(context, name), content);
  }
  if (buildCase.prepare !== undefined) {
    const prepared = await run('sh', ['-c', buildCase.prepare], { cwd: context });
    expect(prepared.stderr).toBe('');
  }
}

/** Told by the engine, of the image that the test knows to be at the bottom. */
async function countBaseLayers(text: string): Promise<number> {
  const named = /^FROM (layer-lens-test-\S+|debian:bookworm|scratch)/m.exec(text)?.[1] ?? 'busybox:local';
  if (named === 'scratch') {
    return 0;
  }
  const layers = await dockerText(['image', 'inspect', '--format', '{{json .RootFS.Layers}}', named]);
  return (JSON.parse(layers) as string[]).length;
}

/** The graph-driver store cannot save an image without layers; there is nothing to compare then. */
async function save(tag: string, name: string): Promise<readonly SavedLayer[]> {
  const archive = join(folder, `${name}.tar`);
  const saved = await docker(['save', '-o', archive, tag]);
  if (saved.code !== 0) {
    expect(saved.stderr).toMatch(/empty export/);
    return [];
  }
  const unpacked = join(folder, `${name}.unpacked`);
  await mkdir(unpacked);
  const layers = await readSavedImage(archive, unpacked);
  await rm(unpacked, { recursive: true });
  return layers;
}

async function archived(name: string): Promise<ImageFacts> {
  const archive = join(folder, `${name}.tar`);
  const facts = await readImage(`docker-archive:${archive}`, readOptions(true), noSignal);
  await rm(archive);
  return facts;
}

function expectedLines(
  marks: readonly LineRange[],
  saved: readonly SavedLayer[],
  baseLayers: number,
): readonly ExpectedLine[] {
  expect(saved.length).toBe(baseLayers + marks.length);
  return marks.map((lines, index) => {
    const { diffId, bytes } = saved[baseLayers + index]!;
    return { lines, diffId, bytes };
  });
}

/** What the record says: of the steps at these lines, the one whose layers are the image's up to here. */
function recordedLines(
  record: BuildRecord,
  marks: readonly LineRange[],
  saved: readonly SavedLayer[],
): readonly object[] {
  const all = saved.map(({ diffId }) => diffId);
  return marks.map((lines, index) => {
    const chain = all.slice(0, saved.length - marks.length + index + 1).join();
    const here = record.steps.filter((step) =>
      step.locations.some(({ start, end }) => start === lines.start && end === lines.end),
    );
    const step = here.find(({ kind, diffIds }) => kind !== 'source' && diffIds.join() === chain);
    return { lines, diffId: step?.diffIds.at(-1) };
  });
}

/** Own layers were built here and count to the byte; below them the engine may have added the lengths of symlink targets. */
function expectQuickSizes({ image }: ImageFacts, saved: readonly SavedLayer[], baseLayers: number): void {
  const sizes = image.layers.map(({ diffId, bytes }) => ({ diffId, bytes }));
  const exact = saved.map(({ diffId, bytes }) => ({ diffId, bytes: exactSizes ? bytes : undefined }));
  expect(sizes.slice(baseLayers)).toEqual(exact.slice(baseLayers));
  const withLinks = saved.map(({ diffId, bytes, linkBytes }) => ({ diffId, bytes: bytes + linkBytes }));
  expect([exact.slice(0, baseLayers), withLinks.slice(0, baseLayers)]).toContainEqual(sizes.slice(0, baseLayers));
}

function sizesOf({ image }: ImageFacts): readonly object[] {
  return image.layers.map(({ diffId, bytes, contents }) => ({ diffId, bytes, files: contents?.files }));
}

async function basesOf(text: string): Promise<ReadonlyMap<string, BaseImage>> {
  const names = new Set(['busybox:local', ...[...text.matchAll(/^FROM (\S+)/gim)].map((match) => match[1]!)]);
  const bases = new Map<string, BaseImage>();
  for (const name of names) {
    const base = await readBase(name, dockerOptions, noSignal);
    if (base !== undefined) {
      bases.set(name, base);
    }
  }
  return bases;
}

type ShownLine = ExpectedLine & { readonly proof: string };

/** What anybody sees: the lines that show a layer, bottom first. Without a record the build's options come from settings. */
function lensLines(
  text: string,
  image: ImageFacts,
  record: BuildRecord | undefined,
  bases: ReadonlyMap<string, BaseImage>,
  options = record,
): readonly ShownLine[] {
  const build = {
    target: options?.target,
    buildArgs: options?.buildArgs ?? new Map<string, string>(),
    platform: options?.platform,
  };
  const config = { build, levels: new Map(), largeLayerBytes: 1e9 };
  const insights = lens(text, { bases, image, record, builtText: undefined }, config);
  return insights
    .filter((insight): insight is LayerInsight => insight.kind === 'layer')
    .flatMap(layersAt)
    .toSorted((a, b) => a.measured.index - b.measured.index)
    .map(({ lines, measured: { layer, proof } }) => ({ lines, diffId: layer.diffId, bytes: layer.bytes ?? -1, proof }));
}

function layersAt({
  lines,
  layer,
  onbuild,
}: LayerInsight): readonly { readonly lines: LineRange; readonly measured: MeasuredLayer }[] {
  const all = [...onbuild.map((trigger) => trigger.layer), layer];
  return all.flatMap((measured) => (measured === undefined ? [] : [{ lines, measured }]));
}

function withoutProof(shown: readonly ShownLine[]): readonly ExpectedLine[] {
  return shown.map(({ lines, diffId, bytes }) => ({ lines, diffId, bytes }));
}
