// Where things stand in the text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instruction, Word } from '../../server/src/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import { dockerfiles, instructionsOf } from './support.ts';

/** The text marks every span that `pick` finds with «». */
function check(
  marked: string,
  pick: (instruction: Instruction) => readonly { span: { start: number; end: number } }[],
): void {
  const text = marked.replaceAll(/[«»]/g, '');
  let shown = '';
  let at = 0;
  for (const { span } of instructionsOf(parseDockerfile(text)).flatMap((each) => pick(each))) {
    shown += `${text.slice(at, span.start)}«${text.slice(span.start, span.end)}»`;
    at = span.end;
  }
  expect(shown + text.slice(at)).toBe(marked);
}

describe('instructions', () => {
  const whole = (instruction: Instruction): Instruction[] => [instruction];
  test('end with their last text', () => check('\ufeff  «FROM a»  \n\n# b\n«RUN c»\t\r\n«CMD d»', whole));
  test('span continuations, comments and blank lines', () => check('«FROM \\\n# a\n  b»\n«RUN c \\\n\n  d»\n', whole));
  test('span heredocs with their terminators', () => check('«RUN <<A <<-B\na\nA\n\tb\n\tB»\n«RUN c»\n', whole));
  test('that go on into the end of the file', () => check('«RUN a \\»\n\n# b\n', whole));
});

describe('keywords', () => {
  const keyword = ({ keywordSpan: span }: Instruction): { span: typeof span }[] => [{ span }];
  test('of one line', () => check('  «from» a\n«RUN» b\n«FOO» c', keyword));
  test('split by a continuation', () => check('«FROM» a\n«R\\\n# c\nUN» b\n', keyword));
});

describe('words', () => {
  const args = (instruction: Instruction): readonly Word[] => instruction.args;
  test('between blanks', () => check('FROM «a» «AS» «b»\nEXPOSE  «80»\t«81» \n', args));
  test('over continuations', () =>
    check('FROM «a»\nCOPY «b\\\n  c» \\\n «d» \\\n# e\n «f»\n'.replace('«b\\\n  c»', '«b\\\nc»'), args));
  test('with quotes and escapes', () => check('ARG «a="b c"» «d=e\\ f» «g»\n', args));
  test('of JSON, with their quotes', () => check('CMD [ «"a b"» , «"\\"c]"» ]\n', args));
  test('the old form of ENV', () => check('ENV «a» «b c  d»\n', args));
  test('a command', () => check('RUN «a && \\\n  b»\nHEALTHCHECK --retries=3 «CMD»  «c d»\n', args));
  test('a trigger', () => check('ONBUILD «COPY» --link «a» «b»\n', args));
});

describe('flags', () => {
  const flags = (instruction: Instruction): Instruction['flags'] => instruction.flags;
  test('plain, quoted, over a continuation, beyond ASCII', () =>
    check('COPY «--a» «--b="c d"» «--e=f\\\ng» «--h=é» «--i» j k\n', flags));
});

describe('pairs', () => {
  const pairs = (instruction: Instruction): readonly Word[] =>
    'pairs' in instruction ? instruction.pairs.flatMap(({ name, value }) => (value ? [name, value] : [name])) : [];
  test('names and values', () => check('ARG «a» «b»=«c» «d»=«»\nLABEL «"e f"»=«"g=h"»\nENV «i» «j k»\n', pairs));
});

describe('any text', () => {
  test('instructions stand in order, apart and within the text, and so do their parts', () => {
    fc.assert(
      fc.property(dockerfiles, (text) => {
        const dockerfile = parseDockerfile(text);
        let last = 0;
        for (const { span, lines, keywordSpan, args, flags, heredocs } of instructionsOf(dockerfile)) {
          expect(span.start).toBeGreaterThanOrEqual(last);
          expect(keywordSpan.start).toBe(span.start);
          expect(lines.end).toBeGreaterThanOrEqual(lines.start);
          for (const part of [
            keywordSpan,
            ...[...args, ...flags].map((word) => word.span),
            ...heredocs.map(({ body }) => body),
          ]) {
            expect(part.start).toBeGreaterThanOrEqual(span.start);
            expect(part.end).toBeGreaterThanOrEqual(part.start);
          }
          for (const { span: part } of [...args, ...flags]) {
            expect(part.end).toBeLessThanOrEqual(span.end);
          }
          last = span.end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        for (const { span } of [...dockerfile.problems, ...dockerfile.directives]) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('a word without quotes is the text at its span, continuations taken out', () => {
    const plain = fc.stringMatching(/^[a-z0-9/.:=$][a-z0-9/.:=$-]{0,9}$/);
    const gap = fc.constantFrom(' ', '  ', '\t', ' \\\n', ' \\ \t\n  ', ' \\\n# c\n', ' \\\n\n ');
    // A word may itself be cut by a continuation.
    const cut = fc.constantFrom('', '\\\n', '\\\n# c \\\n', '\\  \n');
    const written = fc.tuple(gap, plain, fc.nat(9), cut);
    fc.assert(
      fc.property(
        fc.constantFrom('COPY', 'EXPOSE', 'ARG'),
        fc.array(written, { minLength: 2, maxLength: 8 }),
        (keyword, parts) => {
          const words = parts.map(([blank, word, at, inside]) =>
            [blank, word.slice(0, at), inside, word.slice(at)].join(''),
          );
          const text = `FROM a\n${keyword}${words.join('')}\n`;
          const [instruction] = parseDockerfile(text).stages[0]!.instructions;
          expect(instruction!.args.map((word) => word.text)).toEqual(parts.map(([, word]) => word));
          for (const word of instruction!.args) {
            expect(text.slice(word.span.start, word.span.end).replaceAll(/\\[ \t]*\n(?:#.*\n|[ \t]*\n)*/g, '')).toBe(
              word.text,
            );
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
