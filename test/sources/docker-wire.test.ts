/** Engines that are reached through `docker system dial-stdio`, played by a script that says what it is told to say. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEngine } from '../../server/src/sources/docker-http.ts';
import { SourceError } from '../../server/src/sources/source.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-wire-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** How many bytes come, and how it ends. */
async function answer(script: string): Promise<string> {
  const path = join(folder, 'docker');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  const engine = await connectEngine({ path, host: 'ssh://engine', env: process.env });
  let bytes = 0;
  try {
    for await (const chunk of await engine.stream('/images/app/get', new AbortController().signal)) {
      bytes += chunk.length;
    }
    return `${bytes} bytes`;
  } catch (error) {
    return `${bytes} bytes, then ${error instanceof SourceError ? `${error.kind}: ${error.message}` : String(error)}`;
  }
}

const head = String.raw`printf 'HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n'`;

test('all of an answer is read, also when the process is gone by then', async () =>
  expect(await answer(`${head}; head -c 3000000 /dev/zero`)).toBe('3000000 bytes'));

test('a process that stops listening before it answers', async () =>
  expect(await answer(`exec <&-; sleep 0.1; ${head}; head -c 3000000 /dev/zero`)).toBe('3000000 bytes'));

test('an answer that breaks off', async () =>
  expect(await answer(`${head}; head -c 1000000 /dev/zero`)).toMatch(
    /^\d+ bytes, then unreachable: The Docker engine at ssh:\/\/engine broke off its answer\.$/,
  ));

test('what the process complains of is told', async () =>
  expect(await answer('echo "ssh: Could not resolve hostname engine" >&2; exit 255')).toBe(
    '0 bytes, then unreachable: No Docker engine answers at ssh://engine: ssh: Could not resolve hostname engine.',
  ));
