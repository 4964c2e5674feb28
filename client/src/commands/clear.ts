/** Layer Lens: Clear. Forgets which image a Dockerfile is paired with, and its numbers. */
import { targetDockerfile } from '../dockerfile.ts';
import { requestClear } from '../requests.ts';
import type { Session } from '../session.ts';

export async function clear({ client }: Session, [target]: readonly unknown[]): Promise<void> {
  const uri = targetDockerfile(target);
  if (uri) {
    await requestClear(client, { uri: uri.toString() });
  }
}
