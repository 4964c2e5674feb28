import { describe, expect, test } from 'vitest';
import type { BuildRecord } from '../../server/src/build/record.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import type { BaseImage, DiffId, Image } from '../../server/src/image/image.ts';
import { mapLayers, type MappingEvidence } from '../../server/src/mapping/map-layers.ts';
import type { LayerMapping } from '../../server/src/mapping/mapping.ts';
import { builtFrom, madeUpBase, noOptions } from '../support/images.ts';

interface Given {
  /** What the image was built from; default: the text itself. */
  readonly built?: string;
  readonly base?: ReturnType<typeof madeUpBase>;
  /** Whether the base image was read. */
  readonly baseKnown?: boolean;
  readonly builtText?: string;
  readonly args?: Record<string, string>;
  readonly image?: (image: Image) => Image;
}

/** Each line of the text that got a layer, with the layer's bytes; `~` marks a stale one. Own layers are 1, 2, 3 … bytes. */
function check(text: string, given: Given, expected: string): void {
  const mapping = mapped(text, given);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line, at) => {
      const steps = mapping.plan.stages
        .flatMap((stage) => stage.steps)
        .filter((step) => step.anchor.lines.start === at && mapping.pairs.has(step));
      const told = steps.map((step) => {
        const pair = mapping.pairs.get(step)!;
        return `${pair.certainty === 'stale' ? '~' : ''}${mapping.image.layers[pair.index]!.bytes}`;
      });
      return told.length > 0 ? `${told.join('+')} ${line}` : `- ${line}`;
    });
  expect(`${mapping.kind}\n${lines.join('\n')}`).toBe(expected);
}

function mapped(text: string, given: Given): LayerMapping & { readonly image: Image } {
  const base = given.base ?? madeUpBase([100, 200]);
  const buildArgs = new Map(Object.entries(given.args ?? {}));
  const facts = builtFrom(given.built ?? text, base, { ...noOptions, buildArgs });
  const image = given.image ? given.image(facts.image) : facts.image;
  const bases = new Map<string, BaseImage>(given.baseKnown === false ? [] : [['base', base]]);
  const evidence: MappingEvidence = { bases, image, record: undefined, builtText: given.builtText };
  return { ...mapLayers(parseDockerfile(text), noOptions, evidence), image };
}

const plain = 'FROM base\nWORKDIR /app\nCOPY . .\nENV A=1\nRUN make\nRUN make install\nCMD ["app"]';

describe('an image of this very text', () => {
  const expected = `exact
- FROM base
1 WORKDIR /app
2 COPY . .
- ENV A=1
3 RUN make
4 RUN make install
- CMD ["app"]`;
  test('with the base read', () => check(plain, {}, expected));
  test('without the base', () => check(plain, { baseKnown: false }, expected));
  test('base of scratch', () =>
    check('FROM scratch\nCOPY a /\nRUN x\n', { base: madeUpBase([]) }, 'exact\n- FROM scratch\n1 COPY a /\n2 RUN x'));
  test('stages below the target count, others do not', () =>
    check(
      'FROM base AS a\nRUN one\nFROM base AS b\nRUN two\nFROM a\nCOPY --from=b /x /x\n',
      {},
      'exact\n- FROM base AS a\n1 RUN one\n- FROM base AS b\n- RUN two\n- FROM a\n2 COPY --from=b /x /x',
    ));
  test('triggers of the base stand on FROM', () =>
    check(
      'FROM base\nRUN x\n',
      { base: madeUpBase([100], { onBuild: ['COPY . /src', 'ENV A=b', 'RUN make'] }) },
      'exact\n1+2 FROM base\n3 RUN x',
    ));
  test('arguments that nobody told us are read from the history', () =>
    check(
      'FROM base\nARG V=1\nARG W\nRUN make $V\nCOPY dir-$V /d\n',
      { args: { V: '7', W: 'x y' } },
      'exact\n- FROM base\n- ARG V=1\n- ARG W\n1 RUN make $V\n2 COPY dir-$V /d',
    ));
});

// Engine 20.10 wrote this history for `--build-arg V=7`: the default stands at ARG, the value in effect at RUN.
test('an image of an engine before 25: the value of an argument is read from a RUN', () =>
  check(
    'FROM base\nARG V=1\nARG W\nENV W=2\nRUN make $V\nRUN done\n',
    {
      args: { V: '7', W: 'x' },
      image: (image) => ({
        ...image,
        history: image.history.map((entry) => ({
          ...entry,
          createdBy: entry.createdBy.replace('ARG V=7', 'ARG V=1').replace('ARG W=x', 'ARG W'),
        })),
      }),
    },
    'exact\n- FROM base\n- ARG V=1\n- ARG W\n- ENV W=2\n1 RUN make $V\n2 RUN done',
  ));

describe('an image of an older text', () => {
  test('a changed line turns stale, the others stay', () =>
    check(
      plain.replace('RUN make\n', 'RUN make all\n'),
      { built: plain },
      'edited\n- FROM base\n1 WORKDIR /app\n2 COPY . .\n- ENV A=1\n~3 RUN make all\n4 RUN make install\n- CMD ["app"]',
    ));
  test('a new line is not measured', () =>
    check(
      plain.replace('RUN make\n', 'RUN new\nRUN make\n'),
      { built: plain },
      'edited\n- FROM base\n1 WORKDIR /app\n2 COPY . .\n- ENV A=1\n- RUN new\n3 RUN make\n4 RUN make install\n- CMD ["app"]',
    ));
  test('a removed line takes its layer with it', () =>
    check(
      plain.replace('COPY . .\n', ''),
      { built: plain },
      'edited\n- FROM base\n1 WORKDIR /app\n- ENV A=1\n3 RUN make\n4 RUN make install\n- CMD ["app"]',
    ));
  test('without the base, a new line ends what can be told', () =>
    check(
      plain.replace('RUN make\n', 'RUN new\nRUN make\n'),
      { built: plain, baseKnown: false },
      'edited\n- FROM base\n- WORKDIR /app\n- COPY . .\n- ENV A=1\n- RUN new\n3 RUN make\n4 RUN make install\n- CMD ["app"]'
        .replace('edited', 'unknown')
        .replace(/^\d /gm, '- '),
    ));
  test('without the base, a line changed in place does not', () =>
    check(
      plain.replace('RUN make\n', 'RUN make all\n'),
      { built: plain, baseKnown: false },
      'edited\n- FROM base\n1 WORKDIR /app\n2 COPY . .\n- ENV A=1\n~3 RUN make all\n4 RUN make install\n- CMD ["app"]',
    ));
  test('the text that was built is known: a new line is all that is missing', () =>
    check(
      plain.replace('RUN make\n', 'RUN new\nRUN make\n'),
      { built: plain, builtText: plain, baseKnown: false },
      'edited\n- FROM base\n1 WORKDIR /app\n2 COPY . .\n- ENV A=1\n- RUN new\n3 RUN make\n4 RUN make install\n- CMD ["app"]',
    ));
  test('comments and line breaks are not changes', () =>
    check(
      plain.replace('RUN make\n', '# why\nRUN ma\\\nke\n'),
      { built: plain, builtText: plain },
      'exact\n- FROM base\n1 WORKDIR /app\n2 COPY . .\n- ENV A=1\n- # why\n3 RUN ma\\\n- ke\n4 RUN make install\n- CMD ["app"]',
    ));
  test('one of two equal lines is gone: nobody knows which', () =>
    check(
      'FROM base\nRUN a\nRUN make\nRUN b\nRUN c\n',
      { built: 'FROM base\nRUN a\nRUN make\nRUN make\nRUN b\nRUN c\n' },
      'edited\n- FROM base\n1 RUN a\n- RUN make\n4 RUN b\n5 RUN c',
    ));
});

describe('an image of something else', () => {
  test('nothing agrees', () =>
    check(plain, { built: 'FROM base\nRUN other\nADD x /y\n' }, `not-this-file\n${plain.replaceAll(/^/gm, '- ')}`));
  test('a line that every second file has proves nothing', () =>
    check(
      plain,
      { built: 'FROM base\nWORKDIR /app\nRUN npm ci\nCOPY . .\nRUN npm run build\nRUN npm prune\nCMD ["node"]\n' },
      `unknown\n${plain.replaceAll(/^/gm, '- ')}`,
    ));
  test('no history', () =>
    check(plain, { image: (image) => ({ ...image, history: [] }) }, `unknown\n${plain.replaceAll(/^/gm, '- ')}`));
  test('a history that does not fit its layers', () =>
    check(
      plain,
      { image: (image) => ({ ...image, layers: image.layers.slice(1) }) },
      `unknown\n${plain.replaceAll(/^/gm, '- ')}`,
    ));
});

test('the reason is told', () => {
  expect(mapped(plain, { built: plain.replace('make', 'x') }).reason).toEqual({
    kind: 'history-differs',
    matched: 3,
    of: 4,
  });
  expect(mapped(plain, { image: (image) => ({ ...image, history: [] }) }).reason).toEqual({ kind: 'no-history' });
  expect(mapped('FROM base\nARG V=1\nRUN x\n', { args: { V: '2' } }).reason).toEqual({
    kind: 'built-with',
    args: new Map([['V', '2']]),
  });
  expect(mapped(plain.replace('make', 'x'), { built: plain, builtText: plain }).reason).toEqual({
    kind: 'text-changed',
    changed: 1,
  });
});

describe('with the record of the build', () => {
  const text = 'FROM base AS a\nRUN one\nFROM a\nCOPY x /x\nRUN two\n';
  const base = madeUpBase([100]);
  const { image } = builtFrom(text, base);
  const step = (line: number, kind: 'exec' | 'file', layers: number): BuildRecord['steps'][number] => ({
    vertex: `sha256:${line}`,
    kind,
    locations: [{ start: line, end: line }],
    diffIds: image.layers.slice(0, layers).map(({ diffId }): DiffId => diffId),
    cached: line === 1,
    milliseconds: line * 10,
  });
  const record: BuildRecord = {
    ref: 'b/n/r',
    completedAt: undefined,
    text,
    target: undefined,
    buildArgs: new Map(),
    platform: undefined,
    imageId: image.id,
    configDigest: undefined,
    steps: [step(1, 'exec', 2), step(3, 'file', 3), step(4, 'exec', 4)],
  };

  test('every pair is proven by it, with times', () => {
    const mapping = mapLayers(parseDockerfile(text), noOptions, {
      bases: new Map(),
      image,
      record,
      builtText: undefined,
    });
    expect([...mapping.pairs.values()]).toEqual(
      [1, 2, 3].map((index) => ({ index, proof: 'provenance', certainty: 'measured' })),
    );
    expect([...mapping.times.values()]).toEqual([
      { milliseconds: 10, cached: true },
      { milliseconds: 30, cached: false },
      { milliseconds: 40, cached: false },
    ]);
    expect([mapping.kind, mapping.baseLayers]).toEqual(['exact', 1]);
  });

  test('layers of another image prove nothing', () => {
    const other = {
      ...image,
      layers: image.layers.map((layer) => ({ ...layer, diffId: `${layer.diffId}x` as DiffId })),
    };
    const mapping = mapLayers(parseDockerfile(text), noOptions, {
      bases: new Map(),
      image: other,
      record,
      builtText: undefined,
    });
    expect([...mapping.pairs.values()].map(({ proof }) => proof)).toEqual(['history', 'history', 'history']);
  });
});
