/** Which engine is meant, in the order of the Docker CLI. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveEndpoint } from '../../server/src/sources/docker-context.ts';

let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'layer-lens-context-'));
  await write('.docker/config.json', '{ "currentContext": "rootless", "auths": {} }');
  await writeContext('.docker', 'rootless', {
    Endpoints: { docker: { Host: 'unix:///run/user/1000/docker.sock', SkipTLSVerify: false } },
  });
  await writeContext('.docker', 'far', { Endpoints: { docker: { Host: 'ssh://me@far' } } });
  await writeContext('.docker', 'tls', { Endpoints: { docker: { Host: 'tcp://far:2376' } } });
  await write(`.docker/contexts/tls/${id('tls')}/docker/ca.pem`, 'pem');
  await writeContext('.docker', 'empty', { Endpoints: {} });
  await write('other/config.json', '{"currentContext":"default"}');
  await write('broken/config.json', '{"currentContext": ');
});

afterAll(() => rm(home, { recursive: true, force: true }));

test.each([
  [
    'the explicit host first',
    { host: 'tcp://given:1', DOCKER_HOST: 'unix:///env.sock', DOCKER_CONTEXT: 'far' },
    'tcp://given:1',
  ],
  [
    'then DOCKER_HOST, whatever context is named',
    { DOCKER_HOST: 'unix:///env.sock', DOCKER_CONTEXT: 'far' },
    'unix:///env.sock',
  ],
  ['then DOCKER_CONTEXT', { DOCKER_CONTEXT: 'far' }, 'ssh://me@far (far)'],
  ['then the current context', {}, 'unix:///run/user/1000/docker.sock (rootless)'],
  ['a context with keys', { DOCKER_CONTEXT: 'tls' }, 'tcp://far:2376 TLS (tls)'],
  ['DOCKER_CONTEXT=default leaves the current context', { DOCKER_CONTEXT: 'default' }, 'unix:///var/run/docker.sock'],
  [
    'empty variables count as not set',
    { host: '', DOCKER_HOST: '', DOCKER_CONTEXT: '' },
    'unix:///run/user/1000/docker.sock (rootless)',
  ],
  ['DOCKER_CONFIG names another folder', { DOCKER_CONFIG: 'other' }, 'unix:///var/run/docker.sock'],
  ['a folder that is not there', { DOCKER_CONFIG: 'nothing' }, 'unix:///var/run/docker.sock'],
  ['a config that is no JSON', { DOCKER_CONFIG: 'broken' }, 'unix:///var/run/docker.sock'],
  ['TLS by the environment', { DOCKER_HOST: 'tcp://x:2376', DOCKER_TLS_VERIFY: '1' }, 'tcp://x:2376 TLS'],
  ['Windows', { DOCKER_CONFIG: 'other', platform: 'win32' }, 'npipe:////./pipe/docker_engine'],
  ['a context that does not exist', { DOCKER_CONTEXT: 'gone' }, 'not-found: The Docker context "gone" does not exist.'],
  ['a context without an engine', { DOCKER_CONTEXT: 'empty' }, 'corrupt: The Docker context "empty" names no engine.'],
])('%s', async (_, given, expected) => {
  await check(given, expected);
});

async function check(given: Readonly<Record<string, string>>, expected: string): Promise<void> {
  const { host, platform = 'linux', ...env } = given;
  const config = env['DOCKER_CONFIG'] === undefined ? {} : { DOCKER_CONFIG: join(home, env['DOCKER_CONFIG']) };
  const docker = { path: 'docker', host, env: { HOME: home, ...env, ...config } };
  const told = await resolveEndpoint(docker, platform as NodeJS.Platform).then(
    (found) => `${found.host}${found.tls ? ' TLS' : ''}${found.context === undefined ? '' : ` (${found.context})`}`,
    (error: { kind: string; message: string }) => `${error.kind}: ${error.message}`,
  );
  expect(told).toBe(expected);
}

async function writeContext(config: string, name: string, meta: object): Promise<void> {
  await write(`${config}/contexts/meta/${id(name)}/meta.json`, JSON.stringify({ Name: name, ...meta }));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), text);
}

function id(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
