import { expect, test } from 'vitest';
import { planBuild } from '../../server/src/build/plan.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import { readMarks, writeMarks } from '../support/marks.ts';
import { stageProblemCases } from '../support/stage-problem-cases.ts';

test.each(stageProblemCases)('$title', ({ marked, messages, args }) => check(marked, messages, args));

test('an argument without a default is left to whoever builds', () => check('ARG BASE\nFROM $BASE\n', []));

function check(marked: string, messages: readonly string[], args: Readonly<Record<string, string>> = {}): void {
  const { text } = readMarks(marked);
  const options = { target: undefined, buildArgs: new Map(Object.entries(args)), platform: undefined };
  const { problems } = planBuild(parseDockerfile(text), new Map(), options);
  const found = writeMarks(
    text,
    problems.map(({ span }) => span),
  );
  expect([found, problems.map(({ message }) => message)]).toEqual([marked, messages]);
}
