/** The words of an editor: titles above lines, hints behind them, the hover, the status bar. */
import { expect, test } from 'vitest';
import type { Image, ImageFacts, Layer, LayerContents } from '../../server/src/image/image.ts';
import type { LayerInsight } from '../../server/src/insights/insight.ts';
import { lens } from '../../server/src/lens.ts';
import { hoverMarkdown, statusTooltip } from '../../server/src/render/hover.ts';
import { hintText, lensTitle, statusText } from '../../server/src/render/labels.ts';
import { overview, type Overview } from '../../server/src/render/overview.ts';
import { builtFrom, madeUpBase, noOptions } from '../support/images.ts';

const base = madeUpBase([117_000_000]);
const text = 'FROM debian\nRUN install\nENV A=1\nCOPY . /app\n';

test('before anything was measured', () => {
  check(show(text), [
    '2 layers · not measured yet',
    'FROM debian',
    'layer · not measured yet',
    'RUN install        layer',
    'ENV A=1',
    'layer · not measured yet',
    'COPY . /app        layer',
  ]);
});

test('measured', () => {
  const facts = withContents(builtFrom(text, base, noOptions, [61_200_000, 0]), [
    { files: 812 },
    { files: 0, directories: 0, emptyDiff: true },
  ]);
  check(show(text, facts), [
    '178 MB in 3 layers · base debian 117 MB · measured from docker-archive:made-up.tar',
    'FROM debian        178 MB',
    '61.2 MB · 812 files',
    'RUN install        61.2 MB',
    'ENV A=1',
    '0 B · changes nothing',
    'COPY . /app        0 B',
  ]);
});

test('a layer without files says what else it does', () => {
  const contents = [{ whiteouts: 3 }, { directories: 1 }, { symlinks: 2 }];
  const three = 'FROM debian\nRUN a\nRUN b\nRUN c\n';
  const facts = withContents(builtFrom(three, base, noOptions, [0, 0, 0]), contents);
  const titles = layersOf(three, facts)
    .layers.slice(1)
    .map((layer) => lensTitle(layer, layersOf(three, facts)));
  expect(titles).toEqual(['0 B · hides 3 paths', '0 B · 1 directory', '0 B · 2 symlinks']);
});

test('after an edit the changed line is stale, the others stay', () => {
  const facts = builtFrom(text, base, noOptions, [61_200_000, 5_000]);
  check(show(text.replace('RUN install', 'RUN install more'), facts, text), [
    '178 MB in 3 layers before your edit · base debian 117 MB · measured from docker-archive:made-up.tar',
    'FROM debian        178 MB',
    '61.2 MB before your edit',
    'RUN install more        61.2 MB before your edit',
    'ENV A=1',
    '5 kB',
    'COPY . /app        5 kB',
  ]);
});

test('stages that do not ship', () => {
  const stages = 'FROM go AS build\nRUN make\nFROM go AS lint\nRUN lint\nFROM scratch\nCOPY --from=build /app /\n';
  check(show(stages), [
    'stage build · 1 layer · left behind',
    'FROM go AS build        left behind',
    'left behind in stage build',
    'RUN make        left behind',
    'stage lint · not built',
    'FROM go AS lint        not built',
    'not built',
    'RUN lint        not built',
    '1 layer · not measured yet',
    'FROM scratch',
    'layer · not measured yet',
    'COPY --from=build /app /        layer',
  ]);
});

test('an image of another file gives no numbers', () => {
  const facts = builtFrom('FROM debian\nRUN something\nRUN else\n', base);
  const all = layersOf('FROM alpine\nCOPY x /\nRUN y\n', facts);
  const titles = all.layers.map((layer) => lensTitle(layer, all));
  expect(titles[0]).toMatch(/^docker-archive:made-up\.tar is not an image of this file/);
  expect(titles.slice(1)).toEqual(['layer · the image is of another file', 'layer · the image is of another file']);
  expect(statusText(all)).toBe('other image');
});

test('the hover: what it does first, then its layer and where that is known from', () => {
  const facts = withContents(builtFrom(text, base, noOptions, [61_200_000, 0]), [
    {
      files: 812,
      directories: 31,
      largestDirectories: [{ path: '/usr/lib|x', bytes: 50_000_000, files: 700 }],
      largestFiles: [{ path: '/usr/bin/`tool`', bytes: 9_000_000, files: 1 }],
    },
    {},
  ]);
  const all = layersOf(text, facts);
  expect(hoverMarkdown(all.layers[1]!, all)).toMatchInlineSnapshot(`
    "**RUN** runs a command and keeps the files it changed as a layer.

    **61.2 MB** · 812 files, 31 directories

    | Largest directories | Size |
    | :--- | ---: |
    | \`/usr/lib\\|x\` | 50 MB |

    | Largest files | Size |
    | :--- | ---: |
    | \`\` /usr/bin/\`tool\` \`\` | 9 MB |

    Layer 2, diff id \`sha256:own0\`, found by the image's history; measured.

    Measured from \`docker-archive:made-up.tar\`."
  `);
  expect(hoverMarkdown(all.layers[2]!, all)).toBe("**ENV** changes the image's configuration; no layer, no bytes.");
});

test('the status bar', () => {
  const all = layersOf(text, builtFrom(text, base, noOptions, [61_200_000, 0]));
  expect(statusText(layersOf(text))).toBe('not measured');
  expect(statusText(all)).toBe('178 MB');
  expect(statusTooltip(all)).toContain('Measured from `docker-archive:made-up.tar`.');
});

/** Every line with its title above it and its hint behind it, as an editor shows them. */
function show(text: string, facts?: ImageFacts, builtText?: string): string[] {
  const all = layersOf(text, facts, builtText);
  return all.layers.flatMap((layer) => [...titleOf(layer, all), lineOf(text, layer) + hintOf(layer, all)]);
}

function check(shown: readonly string[], expected: readonly string[]): void {
  expect(shown).toEqual(expected);
}

function titleOf(layer: LayerInsight, all: Overview): string[] {
  const title = lensTitle(layer, all);
  return title === undefined ? [] : [title];
}

function hintOf(layer: LayerInsight, all: Overview): string {
  const hint = hintText(layer, all);
  return hint === undefined ? '' : `        ${hint}`;
}

function lineOf(text: string, { span }: LayerInsight): string {
  return text.slice(span.start, span.end);
}

function layersOf(text: string, image?: ImageFacts, builtText?: string): Overview {
  const bases = new Map(image ? [['debian', base]] : []);
  return overview(
    lens(
      text,
      { bases, image, record: undefined, builtText },
      { build: noOptions, levels: new Map(), largeLayerBytes: 100_000_000 },
    ),
  );
}

/** For the layers above the base, in order. */
function withContents(
  facts: ImageFacts & { readonly image: Image },
  contents: readonly Partial<LayerContents>[],
): ImageFacts {
  const layers = facts.image.layers.map((layer, index): Layer => {
    const own = contents[index - base.diffIds.length];
    return own ? { ...layer, contents: { ...noContents, ...own } } : layer;
  });
  return { ...facts, image: { ...facts.image, layers } };
}

const noContents: LayerContents = {
  files: 0,
  directories: 0,
  symlinks: 0,
  whiteouts: 0,
  emptyDiff: false,
  largestDirectories: [],
  largestFiles: [],
  verified: true,
};
