// Bundles everything into dist/: the extension, the language server, its reader worker, the CLI, and the developer's tools.
// `--production` minifies and leaves the developer's tools out; `--quiet` prints nothing but errors.
import { rmSync, existsSync } from 'node:fs';
import { build } from 'esbuild';

const production = process.argv.includes('--production');
const quiet = process.argv.includes('--quiet');

const product = {
  extension: 'client/src/extension.ts',
  server: 'server/src/lsp/main.ts',
  reader: 'server/src/sources/reader.ts',
  cli: 'server/src/cli/main.ts',
};
const tools = {
  'bench': 'bench/bench.ts',
  'e2e-launch': 'test/e2e/launch.ts',
  'e2e-suite': 'test/e2e/suite.ts',
  'picture': 'scripts/picture.ts',
};

const entryPoints = Object.fromEntries(
  Object.entries(production ? product : { ...product, ...tools }).filter(([, file]) => existsSync(file)),
);

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  // vscode-languageserver requires modules dynamically, which an ESM bundle cannot do.
  format: 'cjs',
  external: ['vscode', 'playwright-core', 'dockerfile-language-service', '@vscode/test-electron'],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: quiet ? 'error' : 'info',
});
