/** Builds as somebody in a terminal would make them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { environment, file } from './steps.ts';

export const imageTag = environment('E2E_IMAGE');

export function writeDockerfile(path: string, text: string): string {
  mkdirSync(dirname(file(path)), { recursive: true });
  // Unlike any earlier build, so that no record of one is found.
  writeFileSync(file(path), `# ${Date.now()}\n${text}`);
  return file(path);
}

export async function usingImage(dockerfile: string, body: () => Promise<void>): Promise<void> {
  docker('build', '-q', '-t', imageTag, dirname(dockerfile));
  try {
    await body();
  } finally {
    docker('image', 'rm', imageTag);
  }
}

function docker(...args: readonly string[]): void {
  execFileSync('docker', args, { stdio: 'pipe' });
}
