/** Measures one image for one Dockerfile because the user said so, and tells when it fails. */
import type * as vscode from 'vscode';
import { reportFailure } from './failure.ts';
import { requestMeasure } from './requests.ts';
import type { Session } from './session.ts';

export async function measureSource(session: Session, dockerfile: vscode.Uri, source: string): Promise<void> {
  const { client, output } = session;
  try {
    await requestMeasure(client, { uri: dockerfile.toString(), source });
  } catch (error) {
    void reportFailure(error, { output, again: () => measureSource(session, dockerfile, source) });
  }
}
