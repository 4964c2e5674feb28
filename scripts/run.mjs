// Runs a TypeScript file of this repository: `node scripts/run.mjs test/truth/truth.ts ARGUMENTS`.
// It is bundled anew into a file of its own, so that nothing stale runs and several may run at once.
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { build } from 'esbuild';

const [file, ...args] = process.argv.slice(2);
const outfile = path.resolve('node_modules', '.cache', 'layer-lens', `${process.pid}.cjs`);

try {
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  process.argv.splice(1, process.argv.length - 1, path.resolve(file), ...args);
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
