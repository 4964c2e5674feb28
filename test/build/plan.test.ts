import { expect, test } from 'vitest';
import { planBuild } from '../../server/src/build/plan.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import type { BaseImage } from '../../server/src/image/image.ts';
import { madeUpBase } from '../support/images.ts';

interface Given {
  readonly target?: string;
  readonly args?: Record<string, string>;
  readonly bases?: Record<string, BaseImage>;
}

/** Every step: `L` makes a layer, `m` metadata only, `F` brings a base, `-` nothing; then `ships`, `built` or `skipped`. */
function check(text: string, expected: string, given: Given = {}): void {
  const plan = planBuild(parseDockerfile(text), new Map(Object.entries(given.bases ?? {})), {
    target: given.target,
    buildArgs: new Map(Object.entries(given.args ?? {})),
    platform: undefined,
  });
  const letters = { layer: 'L', metadata: 'm', base: 'F', none: '-' };
  const told = plan.stages.map((stage) => {
    const where = stage.ships ? 'ships' : stage.built ? 'built' : 'skipped';
    return `${stage.steps.map((step) => letters[step.effect]).join('')} ${where} on ${stage.base.kind} ${stage.base.name ?? '?'}`;
  });
  expect(told.join('\n')).toBe(expected);
}

test('every instruction', () =>
  check(
    `FROM a
RUN x
COPY a b
ADD a b
WORKDIR /w
WORKDIR /
ENV a=b
ARG c
LABEL a=b
USER u
EXPOSE 1
VOLUME /v
CMD x
ENTRYPOINT x
SHELL ["s"]
HEALTHCHECK NONE
STOPSIGNAL 9
MAINTAINER m
ONBUILD RUN x
`,
    'FLLLL-mmmmmmmmmmmm- ships on image a',
  ));

test('WORKDIR is / however it is spelled, or in a variable', () =>
  check(
    'FROM scratch\nWORKDIR $X\nENV D=/\nWORKDIR ${D}\nWORKDIR a\nWORKDIR ..\nWORKDIR ../b\nWORKDIR /x/..\n',
    'F-m-L-LL ships on scratch scratch',
  ));

test('WORKDIR relative to the directory of the base', () =>
  check('FROM b\nWORKDIR ..\nWORKDIR x\n', 'F-L ships on image b', {
    bases: { b: madeUpBase([1], { workingDir: '/app' }) },
  }));

test('stages: on each other, copied from, mounted from, by name or number, in any case', () =>
  check(
    `FROM x AS Base
RUN 1
FROM base AS one
RUN 2
FROM x AS two
FROM x
FROM x AS five
FROM x AS unused
FROM one
COPY --from=TWO a b
COPY --from=3 a b
RUN --mount=type=bind,from=Five,target=/t x
`,
    `FL ships on image x
FL ships on stage base
F built on image x
F built on image x
F built on image x
F skipped on image x
FLLL ships on stage one`,
  ));

test('FROM finds a stage only by its name in small letters', () =>
  check('FROM x AS Base\nFROM Base\n', 'F skipped on image x\nF ships on image Base'));

test('of two stages with one name the later counts from there on', () =>
  check('FROM x AS a\nRUN 1\nFROM a AS a\nFROM a\n', 'FL ships on image x\nF ships on stage a\nF ships on stage a'));

test('target', () => {
  const text = 'FROM x AS a\nFROM a AS B\nFROM x AS c\n';
  check(text, 'F ships on image x\nF ships on stage a\nF skipped on image x', { target: 'b' });
  check(text, 'F skipped on image x\nF skipped on stage a\nF skipped on image x', { target: 'nowhere' });
});

test('arguments choose the base', () => {
  const text = 'ARG V=1\nARG IMAGE=alpine:$V\nFROM $IMAGE AS a\nFROM b${V}\nFROM a AS b2\n';
  check(text, 'F ships on image alpine:1\nF skipped on image b1\nF ships on stage a');
  check(text, 'F skipped on image alpine:2\nF skipped on image b2\nF skipped on stage a', {
    args: { V: '2' },
    target: 'nowhere',
  });
});

test('triggers of the base image and of the base stage run at FROM', () =>
  check(
    'FROM b\nRUN x\nFROM scratch AS s\nONBUILD COPY --from=0 a b\nONBUILD ENV x=y\nFROM s AS t\nRUN z\nFROM t\n',
    'FLmL built on image b\nF-- ships on scratch scratch\nFLmL ships on stage s\nF ships on stage t',
    { bases: { b: madeUpBase([1], { onBuild: ['RUN make', 'LABEL a=b'] }) } },
  ));

test('stages that depend on each other do not hang', () =>
  check(
    'FROM x AS a\nCOPY --from=b 1 2\nFROM x AS b\nCOPY --from=a 1 2\n',
    'FL built on image x\nFL ships on image x',
  ));

test('no stage, half a stage', () => {
  check('', '');
  check('RUN x\n', '');
  check('FROM\nRUN x\n', 'FL ships on image ');
});
