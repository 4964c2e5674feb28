/** A small LSP client: speaks JSON-RPC to a real server process over stdio, and remembers what the server said. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

export interface Heard {
  readonly method: string;
  readonly params: unknown;
}

export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export interface LspClient extends AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams;
  /** Notifications and requests of the server, in their order. */
  readonly heard: readonly Heard[];
  readonly exited: Promise<number | null>;
  stderr(): string;
  request(method: string, params: unknown, options?: { readonly cancelAfter?: number }): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** Answers a request of the server; without an answer it gets "method not found". */
  answer(method: string, handler: (params: unknown) => unknown): void;
  /** The first thing heard, now or later, from position `from` on, that fits. */
  hear(method: string, fits?: (params: never) => boolean, from?: number): Promise<unknown>;
}

const patience = 20_000;

export function startClient(command: string, args: readonly string[], env: NodeJS.ProcessEnv): LspClient {
  const child = spawn(command, args, { env, stdio: 'pipe' });
  const heard: Heard[] = [];
  const listeners = new Set<() => void>();
  const answers = new Map<string, (params: unknown) => unknown>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let stderr = '';

  function send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  function hearIt(method: string, params: unknown): void {
    heard.push({ method, params });
    listeners.forEach((listener) => listener());
  }

  async function answerIt(id: number | string, method: string, params: unknown): Promise<void> {
    const handler = answers.get(method);
    if (!handler) {
      send({ id, error: { code: -32601, message: `no ${method} here` } });
      return;
    }
    send({ id, result: (await handler(params)) ?? null });
  }

  readMessages(child.stdout, (message) => {
    if (message.method !== undefined) {
      hearIt(message.method, message.params);
      if (message.id !== undefined) {
        void answerIt(message.id, message.method, message.params);
      }
      return;
    }
    const asked = waiting.get(Number(message.id));
    waiting.delete(Number(message.id));
    if (message.error) {
      asked?.reject(new RpcError(message.error.code, message.error.message, message.error.data));
    } else {
      asked?.resolve(message.result);
    }
  });
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  child.stdin.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      waiting.forEach(({ reject }) => reject(new Error(`the server exited with ${code}: ${stderr}`)));
      resolve(code);
    });
  });

  return {
    process: child,
    heard,
    exited,
    stderr: () => stderr,
    request(method, params, { cancelAfter } = {}) {
      const id = (lastId += 1);
      if (cancelAfter !== undefined) {
        setTimeout(() => send({ method: '$/cancelRequest', params: { id } }), cancelAfter);
      }
      const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      send({ id, method, params });
      return withPatience(answered, () => `an answer to ${method}`);
    },
    notify(method, params) {
      send({ method, params });
    },
    answer(method, handler) {
      answers.set(method, handler);
    },
    hear(method, fits = () => true, from = 0) {
      const find = (): Heard | undefined =>
        heard.slice(from).find((each) => each.method === method && fits(each.params as never));
      const found = new Promise((resolve) => {
        const look = (): void => {
          const hit = find();
          if (hit) {
            listeners.delete(look);
            resolve(hit.params);
          }
        };
        listeners.add(look);
        look();
      });
      const last = (): string =>
        JSON.stringify(
          heard
            .slice(from)
            .filter((each) => each.method === method)
            .at(-1),
        );
      return withPatience(found, () => `a fitting ${method}; the last was ${last()}`);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

function readMessages(stream: NodeJS.ReadableStream, take: (message: Message) => void): void {
  let bytes = Buffer.alloc(0);
  stream.on('data', (more: Buffer) => {
    bytes = Buffer.concat([bytes, more]);
    for (;;) {
      const head = bytes.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(bytes.toString('latin1', 0, Math.max(0, head)))?.[1]);
      if (head === -1 || bytes.length < head + 4 + length) {
        return;
      }
      const body = bytes.toString('utf8', head + 4, head + 4 + length);
      bytes = bytes.subarray(head + 4 + length);
      take(JSON.parse(body) as Message);
    }
  });
}

async function withPatience<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what()}`)), patience);
  });
  try {
    return await Promise.race([promise, tired]);
  } finally {
    clearTimeout(timer);
  }
}
