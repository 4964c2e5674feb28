/** The one status bar item: what is known about the Dockerfile being edited. */
import * as vscode from 'vscode';
import { State, type LanguageClient } from 'vscode-languageclient/node';
import { clientCommands, statusMethod, type StatusParams } from '../../server/src/protocol.ts';
import { isDockerfile } from './dockerfile.ts';

export interface Status extends vscode.Disposable {
  /** What the server last said about a document. */
  of(uri: vscode.Uri): StatusParams | undefined;
}

export function showStatus(client: LanguageClient): Status {
  const item = vscode.window.createStatusBarItem('layerLens.status', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('Layer Lens');
  item.command = clientCommands.measureImage;
  const known = new Map<string, StatusParams>();
  const update = (): void => draw(item, known);
  const listeners = vscode.Disposable.from(
    item,
    client.onNotification(statusMethod, (status: StatusParams) => {
      known.set(canonical(status.uri), status);
      update();
    }),
    // What a server said does not outlive it.
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) {
        known.clear();
        update();
      }
    }),
    vscode.workspace.onDidCloseTextDocument((document) => known.delete(document.uri.toString())),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
  return { of: (uri) => known.get(uri.toString()), dispose: () => listeners.dispose() };
}

function draw(item: vscode.StatusBarItem, known: ReadonlyMap<string, StatusParams>): void {
  const document = vscode.window.activeTextEditor?.document;
  const status = document && isDockerfile(document) ? known.get(document.uri.toString()) : undefined;
  if (!status || status.state === 'off') {
    item.hide();
    return;
  }
  const tooltip = new vscode.MarkdownString(status.tooltip, true);
  tooltip.isTrusted = { enabledCommands: Object.values(clientCommands) };
  item.text = `$(${icon(status.state)}) ${status.text}`;
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: vscode.l10n.t('Layer Lens: {0}', status.text) };
  item.show();
}

function icon(state: Exclude<StatusParams['state'], 'off'>): string {
  switch (state) {
    case 'unmeasured':
    case 'measured':
      return 'layers';
    case 'measuring':
      return 'loading~spin';
    case 'stale':
      return 'history';
    case 'failed':
      return 'warning';
  }
}

/** The server may spell a URI (`%3A`, drive letters) another way than VS Code does. */
function canonical(uri: string): string {
  return vscode.Uri.parse(uri).toString();
}
