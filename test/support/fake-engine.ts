/** An engine over a unix socket that answers what a test says, and remembers what it was asked. */
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeEngine extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  /** Paths, without versions and queries. */
  readonly asked: readonly string[];
}

/** Answers by path; everything else is not there. */
export async function startFakeEngine(answers: Readonly<Record<string, unknown>>): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'layer-lens-fake-'));
  const socket = join(folder, 'engine.sock');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace(/^\/v[\d.]+|\?.*$/g, '');
    asked.push(path);
    const answer = answers[path];
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('Server', 'Docker/28.5.2 (linux)');
    response.end(JSON.stringify(answer ?? { message: `no ${path}` }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
