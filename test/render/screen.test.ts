/** What the terminal shows: widths, colours, and nothing that the terminal would obey. */
import { expect, test } from 'vitest';
import { lens } from '../../server/src/lens.ts';
import { annotated, type Page } from '../../server/src/render/annotated.ts';
import { markdownReport } from '../../server/src/render/markdown.ts';
import { ansiPaint, noPaint } from '../../server/src/render/paint.ts';
import { columns, cut, visible } from '../../server/src/render/screen-text.ts';
import { table } from '../../server/src/render/table.ts';
import { builtFrom, madeUpBase, noOptions } from '../support/images.ts';

const base = madeUpBase([2_000_000]);

function page(text: string, sizes: readonly number[] = []): Page {
  const evidence = {
    bases: new Map([['debian', base]]),
    image: builtFrom(text, base, noOptions, sizes),
    record: undefined,
    builtText: undefined,
  };
  const config = { build: noOptions, levels: new Map(), largeLayerBytes: 1_000_000 };
  return { dockerfile: 'Dockerfile', text, insights: lens(text, evidence, config) };
}

test.each([40, 59, 60, 80, 120])('no source line is wider than a screen of %i columns', (width) => {
  const long = `FROM debian\nRUN echo ${'日本語 e\u0301 👩‍👩‍👧 '.repeat(20)}\nRUN\t${'x\t'.repeat(40)}\n`;
  const shown = annotated(page(long), { paint: noPaint, width });
  const lines = shown.split('\n').filter((line) => line.includes('│'));
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => columns(line) > width)).toEqual([]);
  expect(lines[1]!.endsWith('…')).toBe(true);
});

test('without a screen nothing is cut', () => {
  const long = `RUN echo ${'x'.repeat(5_000)}`;
  expect(annotated(page(`FROM debian\n${long}\n`), { paint: noPaint, width: undefined })).toContain(long);
});

test('bars are in proportion, and what weighs anything shows', () => {
  const shown = annotated(page('FROM debian\nRUN a\nRUN b\nRUN c\n', [1_000_000, 1, 0]), {
    paint: noPaint,
    width: 100,
  });
  const bars = shown
    .split('\n')
    .slice(0, 4)
    .map((line) => /[█▏▎▍▌▋▊▉]+/.exec(line)?.[0] ?? '');
  expect(bars).toEqual(['██████████', '█████', '▏', '']);
});

test('colours only repeat: without them the text is the same', () => {
  const screen = { width: 80 };
  const built = page('FROM debian\n# comment\nRUN a\n', [3_000_000]);
  const coloured = annotated(built, { ...screen, paint: ansiPaint });
  expect(coloured).toContain('\u001b[');
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/ +$/gm, '')).toBe(
    annotated(built, { ...screen, paint: noPaint }),
  );
});

test('a Dockerfile cannot move the cursor or turn text around', () => {
  const nasty = 'FROM debian\nRUN echo \u001b[2J\u001b]0;title\u0007 \u202eevil\u009b\u007f\n';
  for (const shown of [
    annotated(page(nasty), { paint: noPaint, width: 100 }),
    table(page(nasty), { paint: noPaint, width: undefined }),
    markdownReport(page(nasty)),
  ]) {
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
  expect(visible('a\tb\u001b')).toBe('a       b␛');
});

test('columns of text', () => {
  expect(['abc', '日本', 'e\u0301', '👩‍👩‍👧', 'Ａ', 'é'].map(columns)).toEqual([3, 4, 1, 2, 2, 1]);
  expect(cut('日本語', 5)).toBe('日本…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(cut('abc', 3)).toBe('abc');
});

test('the table has a word in every column of every row', () => {
  const rows = table(page('FROM debian\nENV A=1\nRUN a \\\n b\n'), { paint: noPaint, width: undefined })
    .split('\n')
    .slice(0, 4);
  expect(rows.map((row) => row.trim().split(/ {2,}/).length)).toEqual([8, 8, 8, 8]);
  expect(rows[3]).toMatch(/^ *3-4 .*RUN a \\$/);
});

test('Markdown: what a Dockerfile holds never becomes markup', () => {
  const shown = markdownReport(page('FROM debian\nRUN a | b && echo "`x`" <b>*not bold*</b>\n'));
  expect(shown).toContain(String.raw`| 2 | 1 B |  | ${'``'}RUN a \| b && echo "${'`x`'}" <b>*not bold*</b>${'``'} |`);
});
