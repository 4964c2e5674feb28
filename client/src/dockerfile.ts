/** Which documents are ours, and which of them a command is about. */
import * as vscode from 'vscode';

/** Files and unsaved text; not the old side of a diff, whose lines no build has made. */
export const documentSelector = [
  { language: 'dockerfile', scheme: 'file' },
  { language: 'dockerfile', scheme: 'untitled' },
];

export function isDockerfile(document: vscode.TextDocument): boolean {
  return vscode.languages.match(documentSelector, document) > 0;
}

/** The Dockerfile a command was called for: named by its first argument, else the one being edited. Tells the user when there is none. */
export function targetDockerfile(argument: unknown): vscode.Uri | undefined {
  const named = readUri(argument);
  if (named) {
    return named;
  }
  const document = vscode.window.activeTextEditor?.document;
  if (document && isDockerfile(document)) {
    return document.uri;
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Open a Dockerfile first: Layer Lens shows sizes on its lines.'),
  );
  return undefined;
}

/** Lenses send text, menus send a Uri. */
export function readUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) {
    return argument;
  }
  return typeof argument === 'string' && argument !== '' ? vscode.Uri.parse(argument) : undefined;
}
