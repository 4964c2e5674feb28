/** `npm run generate` writes every generated file; `npm run generate -- --check` names the stale ones and exits with 1. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedFiles } from './generated-files.ts';

const checking = process.argv.includes('--check');
const stale = generatedFiles.filter(({ path, make }) => {
  const current = read(path);
  const wanted = make(current);
  if (wanted !== current && !checking) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
  }
  return wanted !== current;
});

for (const { path } of stale) {
  console.log(`${checking ? 'stale' : 'written'}: ${path}`);
}
process.exitCode = checking && stale.length > 0 ? 1 : 0;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
