/** Runs the Docker CLI for what only it can do. Nothing here changes anything: callers pass read-only commands. */
import { execFile } from 'node:child_process';
import { cliEnvironment } from './docker-context.ts';
import type { DockerOptions } from './read-options.ts';
import { cancelled, SourceError } from './source.ts';

export interface CliResult {
  /** 0 is success. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// A build's log is kept whole by BuildKit; a hundred megabytes of it is more than anybody prints in a build.
const maxOutput = 128 * 1024 * 1024;

/** Resolves for every way the command itself ends; throws SourceError where it could not be run, or was stopped. */
export function runDocker(docker: DockerOptions, args: readonly string[], signal: AbortSignal): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const options = {
      env: cliEnvironment(docker),
      signal,
      maxBuffer: maxOutput,
      windowsHide: true,
      encoding: 'utf8',
    } as const;
    execFile(docker.path, args, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ code: 0, stdout, stderr });
      } else if (signal.aborted) {
        reject(cancelled());
      } else if (typeof error.code === 'number') {
        resolve({ code: error.code, stdout, stderr });
      } else {
        reject(cannotRun(docker, error));
      }
    });
  });
}

export function cannotRun(docker: DockerOptions, cause: Error & { readonly code?: unknown }): SourceError {
  switch (cause.code) {
    case 'ENOENT':
      return new SourceError('unreachable', `The Docker CLI was not found: there is no "${docker.path}".`, {
        hint: 'Install it, or set `layerLens.docker.path` to where it is.',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new SourceError('denied', `The Docker CLI "${docker.path}" may not be run by this user.`, {
        hint: 'Check its permissions, or set `layerLens.docker.path` to another one.',
        cause,
      });
    default:
      return new SourceError('unreachable', `The Docker CLI "${docker.path}" could not be run: ${cause.message}.`, {
        cause,
      });
  }
}
