/** What is called a problem, the engine refuses; what is not, it builds. */
import { expect, test } from 'vitest';
import { readMarks } from '../support/marks.ts';
import { stageProblemCases } from '../support/stage-problem-cases.ts';
import { docker } from './docker.ts';

test.each(stageProblemCases)('$title', async ({ marked, messages, args }) => {
  const given = Object.entries(args ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const line = ['build', '--quiet', '--output', 'type=cacheonly', ...given, '-'];
  const { code } = await docker(line, { input: readMarks(marked).text });
  expect(code === 0).toBe(messages.length === 0);
});
