/** Which history entries are told to have left a layer: `bytes comment created-by` in, `layer`, `-` or `?` for all out. */
import { expect, test } from 'vitest';
import { decideEmptyLayers } from '../../server/src/sources/engine-history.ts';

const buildkit = 'buildkit.dockerfile.v0';

function check(
  layers: number,
  history: readonly (readonly [bytes: number, comment: string, createdBy: string])[],
  expected: string,
): void {
  const entries = history.map(([bytes, comment, createdBy]) => ({ bytes, comment: comment || undefined, createdBy }));
  const told = decideEmptyLayers(entries, layers);
  expect(told === undefined ? '?' : told.map((empty) => (empty ? '-' : 'layer')).join(' ')).toBe(expected);
}

test('BuildKit: steps without bytes are layers, metadata is not', () => {
  check(
    4,
    [
      [0, buildkit, 'ARG A=1'],
      [0, buildkit, 'RUN |1 A=1 /bin/sh -c true # buildkit'],
      [0, buildkit, 'WORKDIR /'],
      [0, buildkit, 'WORKDIR //'],
      [7, buildkit, 'COPY a /a # buildkit'],
      [0, buildkit, 'ADD empty.tar / # buildkit'],
      [0, buildkit, 'CMD ["sh"]'],
    ],
    '- layer - layer layer layer -',
  );
});

test('nothing but metadata', () =>
  check(
    0,
    [
      [0, buildkit, 'LABEL a=b'],
      [0, '', '/bin/sh -c #(nop)  CMD ["sh"]'],
    ],
    '- -',
  ));

test('the builder before BuildKit: what can only be one way is told', () => {
  const run = '/bin/sh -c true';
  check(
    1,
    [
      [5, '', '/bin/sh -c #(nop) ADD file:1 in / '],
      [0, '', run],
      [0, '', '/bin/sh -c #(nop)  ENV A=1'],
    ],
    'layer - -',
  );
  check(
    2,
    [
      [5, '', '/bin/sh -c #(nop) ADD file:1 in / '],
      [0, '', run],
      [0, '', '/bin/sh -c #(nop)  ENV A=1'],
    ],
    'layer layer -',
  );
});

test('which of two steps without bytes is the layer stays open', () => {
  check(
    2,
    [
      [5, '', '/bin/sh -c #(nop) ADD file:1 in / '],
      [0, '', '/bin/sh -c true'],
      [0, '', '/bin/sh -c :'],
    ],
    '?',
  );
});

test('history that does not fit the layers', () => {
  check(2, [], '?');
  check(
    1,
    [
      [5, buildkit, 'RUN a # buildkit'],
      [5, buildkit, 'RUN b # buildkit'],
    ],
    '?',
  );
});

test('imported, and of builders nobody knows', () => {
  check(1, [[164, 'Imported from -', '']], 'layer');
  check(
    2,
    [
      [9, 'bazel build', 'bazel'],
      [0, 'bazel build', 'bazel'],
    ],
    'layer layer',
  );
});
