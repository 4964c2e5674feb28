/** The JSON report and its schema hold each other: neither has a field that the other does not know. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { DiffId, Digest, Image, ImageFacts } from '../../server/src/image/image.ts';
import type { Finding, Insight } from '../../server/src/insights/insight.ts';
import { lens } from '../../server/src/lens.ts';
import { json, report } from '../../server/src/render/json.ts';
import { builtFrom, madeUpBase, noOptions } from '../support/images.ts';

const root = join(import.meta.dirname, '..', '..');
const schema = JSON.parse(readFileSync(join(root, 'docs', 'report.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true, formats: { uri: /^https:/ } }).compile(schema);

const text = 'ARG V=1\nFROM debian AS build\nRUN make\nFROM debian\nCOPY --from=build /x /\nRUN two \\\n  lines\n';

const finding: Finding = {
  kind: 'finding',
  rule: 'some-rule',
  level: 'warning',
  span: { start: text.indexOf('RUN two'), end: text.indexOf('lines') + 5 },
  certainty: 'stale',
  message: ['saves ', { bytes: 161_000_000 }],
  saves: { bytes: 161_000_000, milliseconds: undefined },
  related: [
    { span: { start: text.indexOf('RUN make'), end: text.indexOf('RUN make') + 8 }, message: ['written here'] },
  ],
  fixes: [{ title: 'Join', safe: true, edits: [{ span: { start: 0, end: 3 }, newText: 'ENV' }] }],
};

const madeUp = madeUpBase([1000]);
const hashedBase = { ...madeUp, diffIds: madeUp.diffIds.map((id) => hash(id) as DiffId) };

function hash(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

/** Made-up images have readable names where real ones have hashes; the schema wants hashes. */
function withHashes({ image, ...facts }: ImageFacts & { readonly image: Image }): ImageFacts {
  const layers = image.layers.map((layer) =>
    layer.diffId.startsWith('sha256:own') ? { ...layer, diffId: hash(layer.diffId) as DiffId } : layer,
  );
  return { ...facts, image: { ...image, id: hash(image.id) as Digest, layers } };
}

function insightsOf(text: string, measured: boolean): readonly Insight[] {
  const base = hashedBase;
  const image = measured ? withHashes(builtFrom(text, base)) : undefined;
  const evidence = { bases: new Map([['debian', base]]), image, record: undefined, builtText: undefined };
  return lens(text, evidence, { build: noOptions, levels: new Map(), largeLayerBytes: 1 });
}

function reportOf(text: string, insights: readonly Insight[]): unknown {
  return JSON.parse(json({ dockerfile: 'Dockerfile', text, insights }, '0.1.0'));
}

const lensFolder = join(root, 'test', 'lens');
const recorded = readdirSync(lensFolder)
  .filter((name) => name.endsWith('.lens'))
  .map((name) => readFileSync(join(lensFolder, name), 'utf8').split('-- layers --\n')[0]!);

test('reports of all kinds fit the schema', () => {
  const reports = [
    reportOf('', insightsOf('', false)),
    reportOf('RUNN x\nFROM\n', insightsOf('RUNN x\nFROM\n', false)),
    reportOf(text, [...insightsOf(text, true), finding]),
    ...recorded.map((each) => reportOf(each, insightsOf(each, false))),
  ];
  for (const each of reports) {
    validate(each);
    expect(validate.errors ?? []).toEqual([]);
  }
});

test('the schema refuses a field too many and a field too few, everywhere', () => {
  const whole = reportOf(text, [...insightsOf(text, true), finding]);
  const objects = objectsIn(whole);
  expect(objects.length).toBeGreaterThan(25);
  for (const { holder, path } of objects) {
    holder['extra'] = 1;
    expect(validate(whole), `${path} with a field too many`).toBe(false);
    delete holder['extra'];
    for (const [key, value] of Object.entries(holder)) {
      delete holder[key];
      expect(validate(whole), `${path} without ${key}`).toBe(false);
      holder[key] = value;
    }
  }
  expect(validate(whole)).toBe(true);
});

test('lines and columns from 1, numbers as numbers, unknown as null', () => {
  const whole = report({ dockerfile: 'Dockerfile', text, insights: [...insightsOf(text, true), finding] }, '0.1.0');
  expect(whole.target).toEqual({ index: 1, name: null });
  expect(whole.waste).toBeNull();
  expect(whole.image?.bytes).toEqual({ unpacked: 1003, stored: null, net: null, dead: null });
  expect(
    whole.instructions.map(({ line, endLine, keyword, stage, layer }) => [line, endLine, keyword, stage, layer?.bytes]),
  ).toEqual([
    [1, 1, 'ARG', null, undefined],
    [2, 2, 'FROM', 0, undefined],
    [3, 3, 'RUN', 0, undefined],
    [4, 4, 'FROM', 1, undefined],
    [5, 5, 'COPY', 1, 1],
    [6, 7, 'RUN', 1, 2],
  ]);
  expect(whole.findings.at(-1)).toEqual({
    rule: 'some-rule',
    level: 'warning',
    certainty: 'predicted',
    line: 6,
    column: 1,
    endLine: 7,
    endColumn: 8,
    message: 'saves 161 MB',
    docs: 'https://github.com/layer-lens/layer-lens/blob/main/docs/rules.md#some-rule',
    saves: { bytes: 161_000_000, milliseconds: null },
    related: [{ line: 3, message: 'written here' }],
    fixes: [{ title: 'Join', safe: true, edits: [{ line: 1, column: 1, endLine: 1, endColumn: 4, newText: 'ENV' }] }],
  });
});

test('what the triggers of a base did stands behind their FROM, with its lines', () => {
  const onbuild = madeUpBase([1000], { onBuild: ['WORKDIR /app', 'ENV A=1'] });
  const short = 'FROM debian\nRUN x\n';
  const image = builtFrom(short, onbuild, noOptions, [0, 7]);
  const evidence = { bases: new Map([['debian', onbuild]]), image, record: undefined, builtText: undefined };
  const insights = lens(short, evidence, { build: noOptions, levels: new Map(), largeLayerBytes: 1_000_000 });
  const { instructions } = report({ dockerfile: 'Dockerfile', text: short, insights }, '0.1.0');
  expect(instructions.map(({ line, keyword, effect, layer }) => [line, keyword, effect, layer?.index])).toEqual([
    [1, 'FROM', 'base', undefined],
    [1, 'WORKDIR', 'layer', 1],
    [1, 'ENV', 'metadata', undefined],
    [2, 'RUN', 'layer', 2],
  ]);
});

interface Found {
  readonly holder: Record<string, unknown>;
  readonly path: string;
}

function objectsIn(value: unknown, path = 'report'): Found[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inside = Object.entries(value).flatMap(([key, child]) => objectsIn(child, `${path}.${key}`));
  return Array.isArray(value) ? inside : [{ holder: value as Record<string, unknown>, path }, ...inside];
}
