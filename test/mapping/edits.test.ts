/** Random texts, built, then edited at random: whatever is told of a line must be of that line, however alike lines are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import type { BaseImage } from '../../server/src/image/image.ts';
import { mapLayers } from '../../server/src/mapping/map-layers.ts';
import { builtFrom, madeUpBase, noOptions } from '../support/images.ts';

const runs = Number(process.env['LAYER_LENS_FUZZ_RUNS'] ?? 1000);

/** Few different lines, so that many are equal: the hard case. */
const line = fc.constantFrom(
  'RUN make',
  'RUN make install',
  'COPY . .',
  'COPY a b',
  'ENV A=1',
  'WORKDIR /app',
  'RUN $A',
  'ARG A=2',
  'CMD ["x"]',
);

type Change =
  | { readonly kind: 'insert'; readonly at: number; readonly line: string }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'change'; readonly at: number; readonly line: string };

const place = fc.nat(30);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: place, line }),
  fc.record({ kind: fc.constant('remove' as const), at: place }),
  fc.record({
    kind: fc.constant('change' as const),
    at: place,
    line: fc.oneof(line, fc.constant('RUN new'), fc.constant('COPY new /')),
  }),
);

interface Line {
  readonly text: string;
  /** Its place in the text that was built; undefined for a new line. */
  readonly from: number | undefined;
}

function edited(built: readonly string[], changes: readonly Change[]): Line[] {
  const lines = built.map((text, from): Line => ({ text, from }));
  for (const one of changes) {
    const at = one.at % (lines.length + 1);
    if (one.kind === 'insert') {
      lines.splice(at, 0, { text: one.line, from: undefined });
    } else if (at < lines.length) {
      const next =
        one.kind === 'change'
          ? [{ text: one.line, from: one.line === lines[at]!.text ? lines[at]!.from : undefined }]
          : [];
      lines.splice(at, 1, ...next);
    }
  }
  return lines;
}

/** Lines of which a layer was told that another line, or none, made. */
function wrongClaims(
  built: readonly string[],
  changes: readonly Change[],
  known: 'base' | 'text' | 'nothing',
): string[] {
  const base = madeUpBase([7]);
  const builtText = `FROM base\n${built.join('\n')}\n`;
  const now = edited(built, changes);
  const text = `FROM base\n${now.map((one) => one.text).join('\n')}\n`;
  const facts = builtFrom(builtText, base);
  const layerOf = new Map<number, number>();
  const original = mapLayers(parseDockerfile(builtText), noOptions, {
    bases: new Map([['base', base]]),
    image: facts.image,
    record: undefined,
    builtText: undefined,
  });
  for (const [step, pair] of original.pairs) {
    layerOf.set(step.anchor.lines.start - 1, pair.index);
  }
  const bases = new Map<string, BaseImage>(known === 'nothing' ? [] : [['base', base]]);
  const mapping = mapLayers(parseDockerfile(text), noOptions, {
    bases,
    image: facts.image,
    record: undefined,
    builtText: known === 'text' ? builtText : undefined,
  });
  return [...mapping.pairs].flatMap(([step, pair]) => {
    const { text: lineText, from } = now[step.anchor.lines.start - 1]!;
    // Of equal lines any may be called the one that was there: nobody can tell them apart, least of all who wrote them.
    const possible = built.flatMap((old, at) => (old === lineText ? [at] : []));
    const right =
      pair.certainty === 'stale' ||
      [from, ...possible].some((at) => at !== undefined && layerOf.get(at) === pair.index);
    return right
      ? []
      : [`${lineText} has layer ${pair.index}, made by ${built.find((_, at) => layerOf.get(at) === pair.index)}`];
  });
}

test.each(['base', 'text', 'nothing'] as const)('known: %s', (known) => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 9 }),
      fc.array(change, { maxLength: 3 }),
      (built, changes) => {
        expect(wrongClaims(built, changes, known)).toEqual([]);
      },
    ),
    { numRuns: runs },
  );
});

test('order is kept: no two lines have one layer, and later lines have later ones', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 9 }),
      fc.array(change, { maxLength: 3 }),
      (built, changes) => {
        const base = madeUpBase([7]);
        const text = `FROM base\n${edited(built, changes)
          .map((one) => one.text)
          .join('\n')}\n`;
        const { image } = builtFrom(`FROM base\n${built.join('\n')}\n`, base);
        const mapping = mapLayers(parseDockerfile(text), noOptions, {
          bases: new Map(),
          image,
          record: undefined,
          builtText: undefined,
        });
        const told = [...mapping.pairs]
          .toSorted(([a], [b]) => a.anchor.lines.start - b.anchor.lines.start)
          .map(([, { index }]) => index);
        expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
      },
    ),
    { numRuns: runs },
  );
});
