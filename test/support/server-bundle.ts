/** The server and its reader, bundled as they ship, into a folder of their own: dist/ may belong to somebody else right now. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export interface ServerBundle extends AsyncDisposable {
  readonly server: string;
}

const root = resolve(import.meta.dirname, '../..');

export async function bundleServer(): Promise<ServerBundle> {
  const outdir = await mkdtemp(join(tmpdir(), 'layer-lens-server-'));
  await build({
    absWorkingDir: root,
    entryPoints: { server: 'server/src/lsp/main.ts', reader: 'server/src/sources/reader.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  return {
    server: join(outdir, 'server.js'),
    async [Symbol.asyncDispose]() {
      await rm(outdir, { recursive: true, force: true });
    },
  };
}
