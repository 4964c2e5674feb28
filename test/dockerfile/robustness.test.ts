// Whatever is typed, pasted or opened by mistake: the reader neither throws nor takes long.
import { availableParallelism, loadavg } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandHeredoc, expandWord, expandWords } from '../../server/src/dockerfile/expand.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import { dockerfiles } from './support.ts';

const runs = Number(process.env['LAYER_LENS_FUZZ_RUNS'] ?? (process.env['CI'] === undefined ? 2_000 : 20_000));

/** A machine that is busy with other things gets the more time. */
const slowness = Math.max(1, loadavg()[0]! / availableParallelism());
const mostMilliseconds = 100 * slowness;

/** The shortest of a few times: the machine may have been busy with something else. */
function check(text: string, read: (text: string) => unknown = parseDockerfile): void {
  let shortest = Infinity;
  for (let attempt = 0; attempt < 8 && shortest >= mostMilliseconds; attempt++) {
    const started = performance.now();
    read(text);
    shortest = Math.min(shortest, performance.now() - started);
  }
  expect(shortest).toBeLessThan(mostMilliseconds);
}

const nothingKnown = { get: (): undefined => undefined, isKnown: (): boolean => false };
const allSet = { get: (name: string): string => `${name} *?\\ `, isKnown: (): boolean => true };

describe('fuzzed', () => {
  test(`${runs} texts`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(dockerfiles, (text) => check(text)),
      { numRuns: runs },
    );
  });

  test('a text half typed, at every length', () => {
    const text =
      '# escape=`\nARG A=1\nFROM a:$A AS b\nRUN --mount=type=cache,target=/c <<"E" `\n # x\n y\nz\nE\nCOPY ["a", "b"]\n';
    for (let length = 0; length <= text.length; length++) {
      check(text.slice(0, length));
    }
  });

  test('words of all kinds, expanded', () => {
    const parts = [
      '$',
      '{',
      '}',
      ':',
      '-',
      '+',
      '?',
      '#',
      '%',
      '/',
      '*',
      '\\',
      '`',
      '"',
      "'",
      'a',
      'é',
      '<<',
      ' ',
      '🙂',
    ];
    const word = fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((each) => each.join(''));
    fc.assert(
      fc.property(word, fc.constantFrom('\\', '`'), (text, escape) => {
        for (const variables of [nothingKnown, allSet]) {
          expandWord(text, variables, escape);
          expandWords(text, variables, escape);
          expandHeredoc(text, variables);
        }
      }),
      { numRuns: runs },
    );
  });
});

describe('nasty', () => {
  const lines = (line: string, count = 10_000): string => `FROM a\n${line.repeat(count)}`;
  test.each<[string, string]>([
    ['10,000 plain lines', lines('RUN a b c\n')],
    ['10,000 lines with CRLF', lines('RUN a b c\r\n')],
    ['10,000 stages of one name', lines('FROM a AS b\n')],
    ['10,000 comments between stages', lines('# a\nFROM a\n', 5_000)],
    ['10,000 unknown instructions', lines('RUNNABLES a\n')],
    ['10,000 empty continuations', lines('\n').replace('FROM a\n', 'FROM a\nRUN b \\\n')],
    ['10,000 continued lines', `FROM a\nRUN ${'b \\\n'.repeat(10_000)}c\n`],
    ['10,000 continued pairs', `FROM a\nENV ${'b=c \\\n'.repeat(10_000)}d=e\n`],
    ['10,000 directives', '# escape=`\n'.repeat(10_000)],
    ['10,000 times ONBUILD in a line', lines('ONBUILD ')],
    ['10,000 chained triggers', lines('ONBUILD ONBUILD RUN <<E\n')],
    ['10,000 heredocs without end', lines('RUN <<A\n')],
    [
      '10,000 heredocs of other names without end',
      `FROM a\n${Array.from({ length: 10_000 }, (_, at) => `RUN <<A${at}\n`).join('')}`,
    ],
    ['10,000 heredocs in one line', `FROM a\nRUN ${'<<A '.repeat(10_000)}\n${'A\n'.repeat(10_000)}`],
    ['10,000 heredocs that are not seen', lines("RUN don't <<EOF\n")],
    ['10,000 nested substitutions, open', `FROM a\nRUN <<E ${'${${${'.repeat(10_000)}\n`],
    ['10,000 nested defaults, open', `FROM a\nENV a=${'${a:-'.repeat(10_000)}\nRUN <<E ${'${a:-'.repeat(10_000)}\n`],
    [
      '400 nested defaults around a long text',
      `FROM a\nRUN <<E ${'"${a:-'.repeat(400)}${'x '.repeat(30_000)}${'}"'.repeat(400)}\n`,
    ],
    ['a line of 1 MB', `FROM a\nRUN ${'a b '.repeat(250_000)}\n`],
    ['a word of 1 MB', `FROM a\nCOPY ${'a'.repeat(1_000_000)} b\n`],
    ['a keyword of 1 MB', 'a'.repeat(1_000_000)],
    ['1 MB of blanks', ' '.repeat(1_000_000)],
    ['1 MB of operators', `FROM a\nRUN ${'<<'.repeat(500_000)}\n`],
    ['1 MB of brackets', `FROM a\nRUN ${'['.repeat(1_000_000)}\n`],
    ['1 MB of escape characters', `FROM a\nRUN ${'\\'.repeat(1_000_000)}\n`],
    ['JSON of 60,000 levels', `FROM a\nRUN ${'['.repeat(30_000)}${']'.repeat(30_000)}\n`],
    ['JSON of many strings', `FROM a\nRUN [${'"a",'.repeat(15_000)}"b"]\n`],
    ['many flags', `FROM a\nCOPY ${'--é=a '.repeat(9_000)}b c\n`],
    ['many mount options', `FROM a\nRUN --mount=${'a=b,'.repeat(15_000)} c\n`],
    ['a long duration', `FROM a\nHEALTHCHECK --interval=${'1s'.repeat(30_000)}x CMD a\n`],
    ['NULs', '\0'.repeat(1_000_000)],
    ['lines of NULs', lines('\0\n')],
    ['carriage returns only', 'RUN a\r'.repeat(10_000)],
    ['all bytes', Array.from({ length: 200_000 }, (_, at) => String.fromCharCode((at * 7919) % 256)).join('')],
    ['half surrogate pairs', `FROM a\nCOPY --a=\ud83d ${'\ud800\udc00\udc00'.repeat(10_000)} b\n`],
  ])('%s', (_name, text) => check(text));

  test.each<[string, string]>([
    ['nested substitutions', '${a:-'.repeat(100_000)],
    ['many substitutions', '${a//b*/c}$d"e"'.repeat(1_000)],
    ['a pattern that a backtracking matcher would never finish', `\${a##${'*a'.repeat(50)}b}`],
    ['1 MB of text', `"${'a b '.repeat(250_000)}"`],
  ])('expanding %s', (_name, word) => {
    const variables = { get: (): string => 'a'.repeat(200), isKnown: (): boolean => true };
    check(word, (text) => expandWord(text, variables, '\\'));
  });
});
