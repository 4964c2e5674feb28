import { expect, test } from 'vitest';
import type { Insight } from '../../server/src/insights/insight.ts';
import { lens } from '../../server/src/lens.ts';
import { builtFrom, noOptions } from '../support/images.ts';

interface Given {
  readonly target?: string;
  readonly image?: ReturnType<typeof builtFrom>;
}

/** What is told, in its order: the kind, the line, and what makes it different. */
function check(text: string, given: Given, expected: readonly string[]): void {
  const evidence = { bases: new Map(), image: given.image, record: undefined, builtText: undefined };
  const build = { ...noOptions, target: given.target };
  const insights = lens(text, evidence, { build, levels: new Map(), largeLayerBytes: 1000 });
  expect(insights.map((insight) => `${lineOf(text, insight)} ${inWords(insight)}`)).toEqual(expected);
}

function lineOf(text: string, { span }: Insight): number {
  return text.slice(0, span.start).split('\n').length;
}

function inWords(insight: Insight): string {
  switch (insight.kind) {
    case 'image':
      return `image ${insight.matches} ${insight.bytes.unpacked} in ${insight.layers}`;
    case 'stage':
      return `stage ${insight.index} ${insight.built ? 'built' : 'skipped'} ${insight.bytes ?? '?'}`;
    case 'layer':
      return `${insight.keyword} ${insight.effect} ${insight.layer?.layer.bytes ?? '?'}`;
    case 'finding':
      return `finding ${insight.rule}`;
    case 'problem':
      return `problem ${insight.message}`;
  }
}

const text = 'ARG V=1\nFROM scratch AS one\nRUN a\nFROM one AS two\nRUN b\nCMD c\nFROM scratch AS three\nRUN d\n';

test('in the order of the text: the image above its stage, the stage above its FROM', () =>
  check(text, { target: 'TWO', image: builtFrom(text, undefined, { ...noOptions, target: 'two' }, [10, 2000]) }, [
    '1 ARG none ?',
    '2 stage 0 built 10',
    '2 FROM base ?',
    '3 RUN layer 10',
    '4 image exact 2010 in 2',
    '4 stage 1 built 2000',
    '4 FROM base ?',
    '5 RUN layer 2000',
    '5 finding large-layer',
    '6 CMD metadata ?',
    '7 stage 2 skipped ?',
    '7 FROM base ?',
    '7 finding unreachable-stage',
    '8 RUN layer ?',
  ]));

test('a target that is not there, by number too', () =>
  check('FROM scratch AS one\nRUN a\n', { target: '0' }, [
    '1 stage 0 skipped ?',
    '1 FROM base ?',
    '1 problem No stage is called `0`, so a build of it fails. The stages with a name: `one`.',
    '2 RUN layer ?',
  ]));
