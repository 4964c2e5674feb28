/** These tests have no meaning without an engine: they fail at once and say what to do, and are never left out. */
import { docker } from './docker.ts';

export async function setup(): Promise<void> {
  const found = await docker(['version', '--format', '{{.Server.Version}}']);
  if (found.code !== 0) {
    throw new Error(
      `No Docker Engine answers: ${found.stderr.trim()}\nStart one and say where it is:\n  .ci/docker-engine debian && eval "$(.ci/docker-engine env)"`,
    );
  }
  for (const image of ['busybox:local', 'debian:bookworm']) {
    if ((await docker(['image', 'inspect', image])).code !== 0) {
      throw new Error(`The engine has no image ${image}. \`.ci/docker-engine debian\` makes it.`);
    }
  }
  if ((await docker(['buildx', 'history', 'ls'])).code !== 0) {
    throw new Error('This buildx keeps no history of builds; 0.21 or later does.');
  }
}
