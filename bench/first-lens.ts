/** From starting the server process to its first lenses on a screen's worth of Dockerfile: what opening a file feels like. */
import { resolve } from 'node:path';
import { startClient } from '../test/support/lsp-client.ts';

const text = `FROM debian:bookworm AS build
ARG VERSION=1
WORKDIR /src
COPY package.json .
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN make VERSION=\${VERSION}

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/out /app
USER 1000
CMD ["/app/main"]
`;

/** Milliseconds of each run after the warm-up; `server` is the bundle that ships. */
export async function benchFirstLens(server: string = resolve('dist/server.js'), runs = 15): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs + warmUp; run += 1) {
    const time = await firstLens(server);
    if (run >= warmUp) {
      times.push(time);
    }
  }
  return times;
}

/** The first runs fetch the bundle and node itself from disk. */
const warmUp = 2;

async function firstLens(server: string): Promise<number> {
  const started = performance.now();
  // No engine takes part: what one answers is shown later and is waited for by nobody.
  const env = { ...process.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  await using client = startClient(process.execPath, [server, '--stdio'], env);
  client.answer('workspace/configuration', () => [{}]);
  await client.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true } },
  });
  client.notify('initialized', {});
  const uri = 'file:///bench/Dockerfile';
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text } });
  const lenses = await client.request('textDocument/codeLens', { textDocument: { uri } });
  const time = performance.now() - started;
  if (!Array.isArray(lenses) || lenses.length < 8) {
    throw new Error(`the server answered no lenses: ${JSON.stringify(lenses)}`);
  }
  return time;
}
