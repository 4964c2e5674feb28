// Where dockerfile-ast by itself draws other lines than BuildKit, so that the difference stays known,
// and what is left of it on the copy from which we take out what misleads it.
import { DockerfileParser } from 'dockerfile-ast';
import { expect, test } from 'vitest';
import { maskText } from '../../server/src/dockerfile/mask.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import { scan } from '../../server/src/dockerfile/scan.ts';
import known from './data/dockerfile-cases.json' with { type: 'json' };
import odd from './data/odd-cases.json' with { type: 'json' };

const accepted = [...known.cases, ...odd.cases].filter(({ error }) => error === null);

/** Names of the texts where the two see other instructions, or other first or last lines. */
function differing(read: (text: string) => string, lines: (start: number, end: number) => readonly number[]): string[] {
  return accepted
    .filter(({ text, instructions }) => {
      const theirs = DockerfileParser.parse(read(text))
        .getInstructions()
        .map((each) => {
          const { start, end } = each.getRange();
          return [each.getKeyword(), lines(start.line + 1, end.line + 1)];
        });
      const ours = instructions.map(({ keyword, line, endLine }) => [keyword.toUpperCase(), lines(line, endLine)]);
      return JSON.stringify(theirs) !== JSON.stringify(ours);
    })
    .map(({ name }) => name);
}

test('plain', () => {
  expect(
    differing(
      (text) => text,
      (start, end) => [start, end],
    ),
  ).toMatchInlineSnapshot(`
    [
      "hd-dash-mixed",
      "hd-fd",
      "hd-space-name",
      "hd-json-run",
      "hd-partquote",
      "dir-unknown-stops",
      "cont-eof-nl",
      "cont-double-bs",
      "ff-vt",
      "nbsp",
      "heredoc behind array substitution",
      "heredoc name quoted with a blank",
      "heredoc name single quoted inside",
      "heredoc with tab after operator",
      "heredoc terminator with many carriage returns",
      "heredoc copy with blank name",
      "heredoc with escape directive",
      "heredoc escape is always backslash",
      "escape alone first",
      "escape three times",
      "escape then carriage returns",
      "escape directive no-break space",
      "continuation into end",
      "keyword form feed",
      "line starts with no-break space",
      "line starts with next line",
      "carriage return inside",
      "env escape at end",
    ]
  `);
});

test('on our copy of the text, where heredocs are blank lines', () => {
  expect(
    differing(
      (text) => maskText(scan(text)),
      (start) => [start],
    ),
  ).toMatchInlineSnapshot(`
    [
      "escape alone first",
      "escape directive no-break space",
      "keyword form feed",
    ]
  `);
});

test('the copy is as long as the text, and has its lines', () => {
  for (const { text } of accepted) {
    const copy = maskText(scan(text));
    expect(copy.length).toBe(text.length);
    expect(copy.replaceAll(/[^\n]/g, '')).toBe(text.replaceAll(/[^\n]/g, ''));
  }
});

test('comments are read with it, and are those that BuildKit skips', () => {
  const text = [
    '# escape=`',
    '# one',
    'FROM a',
    '  # two',
    'RUN b `',
    '  # three',
    ' # four `',
    ' c #d',
    'RUN <<E',
    '# not this',
    'E',
    '#',
    '# escape=no more',
    'RUN e ``',
    '# five',
  ].join('\n');
  const { comments } = parseDockerfile(text);
  expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual([
    '# one',
    '# two',
    '# three',
    '# four `',
    '#',
    '# escape=no more',
    '# five',
  ]);
});
