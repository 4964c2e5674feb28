/** Layer Lens: Show Output. */
import type { Session } from '../session.ts';

export async function showOutput({ output }: Session): Promise<void> {
  output.show();
}
