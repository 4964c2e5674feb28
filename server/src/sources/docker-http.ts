/**
 * The engine's HTTP API, for reading. A unix socket, a named pipe and plain TCP are spoken to directly; for everything else
 * (TLS, ssh) `docker system dial-stdio` is the wire, so that keys, agents and known hosts are the CLI's own business.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Duplex } from 'node:stream';
import { cannotRun } from './docker-cli.ts';
import { cliEnvironment, otherSockets, resolveEndpoint, type Endpoint } from './docker-context.ts';
import type { DockerOptions } from './read-options.ts';
import { cancelled, SourceError } from './source.ts';
import { tryJson, textAt } from './untyped.ts';

/** An engine that can be asked. Holds nothing open between questions. */
export interface Engine {
  readonly host: string;
  /** Reads a whole JSON answer. Throws SourceError; `not-found` for HTTP 404. */
  readonly ask: (path: string, signal: AbortSignal) => Promise<Answer>;
  /** The answer's bytes as they come; ends the connection when it is left early. */
  readonly stream: (path: string, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

export interface Answer {
  readonly value: unknown;
  /** What the engine calls itself: `Docker/28.5.2 (linux)`, `Libpod/4.3.1 (linux)`. */
  readonly server: string;
}

/** How long an engine may think about a small question before it counts as hung. */
const patience = 30_000;

export async function connectEngine(docker: DockerOptions): Promise<Engine> {
  const endpoint = await resolveEndpoint(docker);
  return {
    host: endpoint.host,
    ask: async (path, signal) => {
      const hurry = AbortSignal.timeout(patience);
      const response = await open(docker, endpoint, path, AbortSignal.any([signal, hurry])).catch((error: unknown) => {
        throw hurry.aborted && !signal.aborted ? hung(endpoint, error) : error;
      });
      return { value: tryJson(await bodyText(response, endpoint, signal)), server: headerText(response, 'server') };
    },
    stream: async (path, signal) => chunks(await open(docker, endpoint, path, signal), endpoint, signal),
  };
}

async function open(
  docker: DockerOptions,
  endpoint: Endpoint,
  path: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const wire = connection(docker, endpoint);
  const response = await send({ ...wire.options, path, signal }).catch(async (error: NodeJS.ErrnoException) => {
    throw signal.aborted ? cancelled() : ((await wire.failure()) ?? (await unreachable(docker, endpoint, error)));
  });
  if (response.statusCode === 200) {
    return response;
  }
  const body = await bodyText(response, endpoint, signal);
  const message = textAt(tryJson(body), 'message') ?? `HTTP status ${response.statusCode}`;
  throw new SourceError(
    response.statusCode === 404 ? 'not-found' : 'unsupported',
    `The engine at ${endpoint.host} says: ${sentence(message)}`,
  );
}

function send(options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Without an agent the connection ends with its answer, so that nothing stays open when nobody asks.
    const request = httpRequest(
      { ...options, method: 'GET', headers: { Host: 'docker', Connection: 'close' } },
      resolve,
    );
    request.on('error', reject);
    request.end();
  });
}

interface Wire {
  readonly options: RequestOptions;
  /** What the wire itself knows of a failure, which the HTTP client only sees as a hang-up. */
  readonly failure: () => Promise<SourceError | undefined>;
}

function connection(docker: DockerOptions, endpoint: Endpoint): Wire {
  const path = socketPath(endpoint.host);
  if (path !== undefined) {
    return { options: { socketPath: path, agent: false }, failure: async () => undefined };
  }
  const address = endpoint.tls ? undefined : plainTcp(endpoint.host);
  return address === undefined
    ? dial(docker, endpoint)
    : { options: { ...address, agent: false }, failure: async () => undefined };
}

/** `unix:///run/docker.sock` and `npipe:////./pipe/docker_engine`; Node takes both as a path. */
function socketPath(host: string): string | undefined {
  if (host.startsWith('unix://')) {
    return host.slice('unix://'.length);
  }
  return host.startsWith('npipe://') ? host.slice('npipe://'.length).replaceAll('/', '\\') : undefined;
}

function plainTcp(host: string): RequestOptions | undefined {
  const parsed = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?\/?$/.exec(host);
  // 2375 is the engine's registered port for plain text.
  return parsed?.[1] === undefined
    ? undefined
    : { host: parsed[1].replace(/^\[|\]$/g, ''), port: Number(parsed[2] ?? 2375) };
}

function dial(docker: DockerOptions, endpoint: Endpoint): Wire {
  const context = endpoint.context === undefined ? [] : ['--context', endpoint.context];
  const child = spawn(docker.path, [...context, 'system', 'dial-stdio'], {
    env: cliEnvironment(docker),
    windowsHide: true,
  });
  let said = '';
  let broken: NodeJS.ErrnoException | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4096)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      broken = error;
      resolve();
    });
  });
  return {
    options: { createConnection: () => wireOf(child) },
    failure: async () => {
      child.kill();
      await ended;
      return broken ? cannotRun(docker, broken) : said.trim() === '' ? undefined : dialFailed(endpoint, said);
    },
  };
}

/**
 * Both ends of a process as one connection. The process may be gone before the last of what it said was read: only the end of
 * its output ends the answer.
 */
function wireOf(child: ChildProcessWithoutNullStreams): Duplex {
  const { stdin, stdout } = child;
  const wire = new Duplex({
    read: () => void stdout.resume(),
    // A process that does not listen any more has answered, or its silence says that it failed.
    write: (chunk, encoding, done) => void stdin.write(chunk, encoding, () => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  stdin.on('error', () => undefined);
  stdout.on('data', (chunk: Uint8Array) => {
    if (!wire.push(chunk)) {
      stdout.pause();
    }
  });
  stdout.once('end', () => wire.push(null));
  child.once('error', (error) => wire.destroy(error));
  return wire;
}

function dialFailed(endpoint: Endpoint, said: string): SourceError {
  const denied = /permission denied/i.test(said);
  return new SourceError(
    denied ? 'denied' : 'unreachable',
    `No Docker engine answers at ${endpoint.host}: ${sentence(lastLine(said))}`,
    {
      hint:
        endpoint.context === undefined
          ? startHint
          : `Check the context "${endpoint.context}" with \`docker --context ${endpoint.context} version\`.`,
    },
  );
}

const startHint =
  'Start Docker, or set DOCKER_HOST (or `layerLens.docker.host`). What the Dockerfile says by itself is shown without an engine.';

async function unreachable(
  docker: DockerOptions,
  endpoint: Endpoint,
  cause: NodeJS.ErrnoException,
): Promise<SourceError> {
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    return new SourceError('denied', `This user may not open the Docker socket at ${endpoint.host}.`, {
      hint: 'Add the user to the group `docker` and log in again, or use a rootless engine.',
      cause,
    });
  }
  const others = await otherSockets(docker);
  const elsewhere = others.length === 0 ? '' : ` An engine may be listening at unix://${others[0]}.`;
  return new SourceError('unreachable', `No Docker engine answers at ${endpoint.host}.`, {
    hint: startHint + elsewhere,
    cause,
  });
}

function hung(endpoint: Endpoint, cause: unknown): SourceError {
  return new SourceError(
    'unreachable',
    `The Docker engine at ${endpoint.host} took the connection and does not answer.`,
    {
      hint: 'Restart Docker.',
      cause,
    },
  );
}

async function bodyText(response: IncomingMessage, endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks(response, endpoint, signal)) {
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function* chunks(response: IncomingMessage, endpoint: Endpoint, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const broken = (cause: unknown) =>
    signal.aborted
      ? cancelled()
      : new SourceError('unreachable', `The Docker engine at ${endpoint.host} broke off its answer.`, { cause });
  const iterator = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Only reading is guarded: what the consumer throws is its own.
      const next = await iterator.next().catch((cause: unknown) => {
        throw broken(cause);
      });
      if (next.done === true) {
        return;
      }
      yield next.value as Uint8Array;
    }
  } finally {
    response.destroy();
  }
}

function headerText(response: IncomingMessage, name: string): string {
  const value = response.headers[name];
  return typeof value === 'string' ? value : '';
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1) ?? '';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
