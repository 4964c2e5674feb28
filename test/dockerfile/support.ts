// What several tests of the Dockerfile reader share.
import fc from 'fast-check';
import type { Dockerfile, Instruction } from '../../server/src/dockerfile/dockerfile.ts';
import known from './data/dockerfile-cases.json' with { type: 'json' };
import odd from './data/odd-cases.json' with { type: 'json' };

/** In the order of the text; triggers of ONBUILD are not among them. */
export function instructionsOf({ globalInstructions, stages }: Dockerfile): Instruction[] {
  return [...globalInstructions, ...stages.flatMap(({ from, instructions }) => [from, ...instructions])];
}

const texts = [...known.cases, ...odd.cases].map(({ text }) => text).filter(({ length }) => length < 5_000);

const keywords = ['FROM a\n', 'RUN ', 'COPY ', 'ENV ', 'ONBUILD ', 'HEALTHCHECK ', '# c\n', '# escape=`\n', '--a=b '];
const operators = [
  '<<EOF',
  '<<-"E"',
  'EOF\n',
  '<< ',
  '$((1 << 3))',
  '${a:-',
  '${',
  '}',
  '$',
  '"',
  "'",
  '=',
  '["a", "b"]',
  '[',
];
const lineEnds = ['\n', '\r\n', '\r', '\\', '\\\n', '`\n'];
const characters = [' ', '\t', '\u00a0', '\u0085', '\ufeff', '\0', 'é', '🙂', '\ud800', '\f', '\v'];
const pieces = [...keywords, ...operators, ...lineEnds, ...characters];

/** One change, as typing, pasting and bad transfers make them. */
const mutation = fc.record({
  at: fc.nat(5_000),
  removed: fc.nat(8),
  inserted: fc.oneof(
    fc.constantFrom(...pieces),
    fc.string({ maxLength: 5 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
});

/** Texts near to real ones, and some far from any. */
export const dockerfiles: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...texts),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
      )
      .map(([text, mutations, lineEnd]) => mutate(text, mutations).replaceAll('\n', lineEnd)),
  },
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 500 }) },
);

function mutate(text: string, mutations: readonly { at: number; removed: number; inserted: string }[]): string {
  return mutations.reduce((current, { at, removed, inserted }) => {
    const from = at % (current.length + 1);
    return current.slice(0, from) + inserted + current.slice(from + removed);
  }, text);
}
