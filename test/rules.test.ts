/** Every example of every rule, run: marks equal what is reported, the fix gives what it promises and silences the rule. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../server/src/insights/insight.ts';
import type { Example, Rule } from '../server/src/insights/rule.ts';
import { rules } from '../server/src/insights/rules/index.ts';
import { lens } from '../server/src/lens.ts';
import { applyEdits } from '../server/src/text/span.ts';
import { builtFrom, noOptions } from './support/images.ts';
import { readMarks, writeMarks } from './support/marks.ts';

const forms: readonly (readonly [string, (text: string) => string])[] = [
  ['as it stands', (text) => text],
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with a BOM', (text) => `\ufeff${text}`],
];

describe.each(rules.map((rule): [string, Rule] => [rule.name, rule]))('%s', (name, rule) => {
  test('is named and explained', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect([rule.summary, rule.why].every((text) => text.trim().length > 20)).toBe(true);
    expect(rule.examples.some(({ before }) => before.includes('«'))).toBe(true);
    expect(rule.examples.some(({ before }) => !before.includes('«'))).toBe(true);
  });

  describe.each(rule.examples.map((example): [string, Example] => [example.title, example]))(
    '%s',
    (_title, example) => {
      test.each(forms)('%s', (_form, written) => {
        const { text } = readMarks(written(example.before));
        const found = findingsOf(name, text, example);
        expect(
          writeMarks(
            text,
            found.map(({ span }) => span),
          ),
        ).toBe(written(example.before));
        if (example.after !== undefined) {
          const fixed = applyEdits(text, found[0]!.fixes[0]!.edits);
          expect(fixed).toBe(written(example.after));
          expect(findingsOf(name, fixed, example)).toEqual([]);
        }
      });

      test('silent when it is off, or ignored by a comment', () => {
        const { text } = readMarks(example.before);
        expect(findingsOf(name, text, example, new Map([[name, 'off']]))).toEqual([]);
        expect(findingsOf(name, `# layer-lens global ignore=${name}\n${text}`, example)).toEqual([]);
        expect(findingsOf(name, text.replaceAll(/^(?=[A-Z])/gm, `# layer-lens ignore=${name}\n`), example)).toEqual([]);
      });
    },
  );
});

function findingsOf(
  name: string,
  text: string,
  example: Example,
  levels: ReadonlyMap<string, 'off'> = new Map(),
): Finding[] {
  const image = example.layers && builtFrom(text, undefined, undefined, example.layers);
  const evidence = { bases: new Map(), image, record: undefined, builtText: undefined };
  const insights = lens(text, evidence, { build: noOptions, levels, largeLayerBytes: 100_000_000 });
  return insights.filter((insight) => insight.kind === 'finding').filter(({ rule }) => rule === name);
}
