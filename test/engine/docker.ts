/** The real Docker CLI for tests, in the environment they were started in. */
import { execFile } from 'node:child_process';
import type { DockerOptions, ReadOptions } from '../../server/src/sources/images.ts';

export const dockerOptions: DockerOptions = { path: 'docker', host: undefined, env: process.env };

export const noSignal = new AbortController().signal;

export function readOptions(contents: boolean): ReadOptions {
  return {
    platform: undefined,
    contents,
    cacheFolder: undefined,
    cacheBytes: 0,
    docker: dockerOptions,
    progress: () => undefined,
  };
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const settings = {
      maxBuffer: 256 * 1024 * 1024,
      encoding: 'utf8',
      cwd: options.cwd,
      env: options.env ?? process.env,
    } as const;
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : typeof error.code === 'number' ? error.code : 127,
        stdout,
        stderr: stderr || (error?.message ?? ''),
      });
    });
    // A command that does not read its input may be gone before it is written.
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
  });
}

export function docker(args: readonly string[], options: { cwd?: string; input?: string } = {}): Promise<Ended> {
  return run('docker', args, options);
}

/** What a command that must succeed prints. */
export async function dockerText(
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): Promise<string> {
  const ended = await docker(args, options);
  if (ended.code !== 0) {
    throw new Error(`docker ${args.join(' ')}\n${ended.stderr}`);
  }
  return ended.stdout.trim();
}
