/** Finds the engine that the Docker CLI would talk to: explicit host, `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, the default socket. */
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DockerOptions } from './read-options.ts';
import { SourceError } from './source.ts';
import { tryJson, textAt } from './untyped.ts';

export interface Endpoint {
  /** As `DOCKER_HOST` has it: `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2375`, `ssh://user@host`. */
  readonly host: string;
  /** The host wants TLS, so that only the CLI, which has the keys, can speak to it. */
  readonly tls: boolean;
  /** Undefined where no context was asked: the host was given, or it is the default socket. */
  readonly context: string | undefined;
}

export async function resolveEndpoint(
  docker: DockerOptions,
  platform: NodeJS.Platform = process.platform,
): Promise<Endpoint> {
  const { env } = docker;
  const given = docker.host || env['DOCKER_HOST'];
  if (given) {
    return { host: given, tls: wantsTls(env), context: undefined };
  }
  const context = env['DOCKER_CONTEXT'] || (await currentContext(env));
  if (context === undefined || context === 'default') {
    return { host: defaultHost(platform), tls: wantsTls(env), context: undefined };
  }
  return readContext(context, env);
}

/** `$DOCKER_CONFIG`, or `~/.docker`. */
export function configFolder(env: DockerOptions['env']): string {
  return env['DOCKER_CONFIG'] || join(homeFolder(env), '.docker');
}

/** What a child process of the CLI needs to reach the same engine. */
export function cliEnvironment(docker: DockerOptions): NodeJS.ProcessEnv {
  return docker.host ? { ...docker.env, DOCKER_HOST: docker.host } : { ...docker.env };
}

/** Sockets where an engine of the user's own (rootless, Docker Desktop, Colima, Podman) usually listens, as far as they exist. */
export async function otherSockets(docker: DockerOptions): Promise<readonly string[]> {
  const home = homeFolder(docker.env);
  const runtime = docker.env['XDG_RUNTIME_DIR'];
  const candidates = [
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : []),
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.docker', 'desktop', 'docker.sock'),
    join(home, '.colima', 'default', 'docker.sock'),
    join(home, '.orbstack', 'run', 'docker.sock'),
  ];
  const found = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => found[index]);
}

function homeFolder(env: DockerOptions['env']): string {
  return env['HOME'] || env['USERPROFILE'] || homedir();
}

function defaultHost(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock';
}

// The CLI takes any non-empty value of either variable for a yes.
function wantsTls(env: DockerOptions['env']): boolean {
  return Boolean(env['DOCKER_TLS_VERIFY'] || env['DOCKER_TLS']);
}

/** A config file that is missing or no JSON says nothing; the CLI warns about it and goes on, too. */
async function currentContext(env: DockerOptions['env']): Promise<string | undefined> {
  const text = await readFile(join(configFolder(env), 'config.json'), 'utf8').catch(() => '');
  return textAt(tryJson(text), 'currentContext');
}

async function readContext(name: string, env: DockerOptions['env']): Promise<Endpoint> {
  const id = createHash('sha256').update(name).digest('hex');
  const contexts = join(configFolder(env), 'contexts');
  const text = await readFile(join(contexts, 'meta', id, 'meta.json'), 'utf8').catch((cause: unknown) => {
    throw new SourceError('not-found', `The Docker context "${name}" does not exist.`, {
      hint: 'List contexts with `docker context ls` and choose one with `docker context use NAME`.',
      cause,
    });
  });
  const host = textAt(tryJson(text), 'Endpoints', 'docker', 'Host');
  if (host === undefined) {
    throw new SourceError('corrupt', `The Docker context "${name}" names no engine.`, {
      hint: `Look at it with \`docker context inspect ${name}\`.`,
    });
  }
  const keys = await readdir(join(contexts, 'tls', id, 'docker')).catch(() => []);
  return { host, tls: keys.length > 0, context: name };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
