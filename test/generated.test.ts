/** What is made from settings, rules and commands says what they say today. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../scripts/generated-files.ts';

const root = join(import.meta.dirname, '..');

test.each(generatedFiles)('$path is up to date (npm run generate)', ({ path, make }) => {
  const current = readFileSync(join(root, path), 'utf8');
  expect(make(current)).toBe(current);
});

test('a README without the marks is refused, not left alone', () => {
  const readme = generatedFiles.find(({ path }) => path === 'README.md')!;
  expect(() => readme.make('# Layer Lens\n')).toThrow('<!-- generated: settings -->');
});
