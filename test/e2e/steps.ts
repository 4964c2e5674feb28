/** Steps that tests share: through VS Code's API where a person's way would test VS Code, not us. */
import { deepStrictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Screen } from './screen.ts';

export const workspaceFolder = join(environment('E2E_STATE'), 'workspace');
export const outFolder = environment('E2E_OUT');

export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: start the suite with its launcher`);
  }
  return value;
}

export function file(path: string): string {
  return join(workspaceFolder, path);
}

/** Opens a file of the workspace as the only editor. */
export async function open(path: string): Promise<vscode.TextEditor> {
  return await show(await vscode.workspace.openTextDocument(file(path)));
}

export async function openUntitled(content: string): Promise<vscode.TextEditor> {
  return await show(await vscode.workspace.openTextDocument({ language: 'dockerfile', content }));
}

async function show(document: vscode.TextDocument): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.action.closeOtherEditors');
  return editor;
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** No open editor, no pairing, no setting but the fixtures' own, no message. */
export async function tidy(screen: Screen): Promise<void> {
  await screen.press('Escape');
  for (const { uri } of vscode.workspace.textDocuments.filter(({ languageId }) => languageId === 'dockerfile')) {
    await vscode.commands.executeCommand('layerLens.server.clear', { uri: uri.toString() });
  }
  for (const key of ['enable', 'codeLens', 'inlayHints', 'hover', 'diagnostics', 'docker.host', 'docker.path']) {
    await vscode.workspace.getConfiguration('layerLens').update(key, undefined, vscode.ConfigurationTarget.Global);
  }
  while (vscode.window.activeTextEditor) {
    // Unsaved text would ask what to do with it.
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('notifications.clearAll');
  await vscode.commands.executeCommand('workbench.action.closePanel');
}

export async function measure({ uri }: vscode.TextDocument, source: string): Promise<void> {
  // The server's own commands are there once it runs.
  await eventually(async () => (await vscode.commands.getCommands()).includes('layerLens.server.measure'), true);
  await vscode.commands.executeCommand('layerLens.server.measure', { uri: uri.toString(), source });
}

/** app/Dockerfile, open, with the numbers of its archive. */
export async function openMeasured(): Promise<vscode.TextEditor> {
  const editor = await open('app/Dockerfile');
  await measure(editor.document, `docker-archive:${file('app/image.tar')}`);
  return editor;
}

/** In the notification center: a window under test shows no toasts. */
export async function notifications(screen: Screen): Promise<string[]> {
  await vscode.commands.executeCommand('notifications.showList');
  return await screen.notifications();
}

/** VS Code's own file dialog, the one it also uses for remote files. */
export async function chooseInDialog(screen: Screen, path: string): Promise<void> {
  await eventuallyMatches(() => screen.dialogPath(), /\/$/);
  // The dialog fills itself once more when it has read its folder, so it is typed over until it has taken the path.
  await eventually(async () => {
    const shown = await screen.dialogPath();
    if (shown === path) {
      await screen.press('Enter');
    } else if (shown !== '') {
      await screen.press('Control+a');
      await screen.type(path);
    }
    await delay(300);
    return await screen.dialogPath();
  }, '');
}

/** The document with its lenses as VS Code's own API has them, in the form `Screen.editor` reads off the window. */
export async function lenses({ uri }: vscode.TextDocument): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  const lines = Array.from({ length: document.lineCount }, (_, line) => {
    const titles = all.filter(({ range }) => range.start.line === line).map(({ command }) => command?.title);
    return [...(titles.length > 0 ? [`» ${titles.join(' | ')}`] : []), document.lineAt(line).text.trimEnd()];
  });
  return lines.flat().join('\n');
}

export async function hoverText(document: vscode.TextDocument, at: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(document.getText().indexOf(at)),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

export function diagnostics({ uri }: vscode.TextDocument): string[] {
  return vscode.languages.getDiagnostics(uri).map(({ code, message, range, severity }) => {
    const name = typeof code === 'object' ? code.value : code;
    return `${range.start.line + 1} ${vscode.DiagnosticSeverity[severity]} ${name}: ${message}`;
  });
}

/** Waits until what is read is as expected; the last difference is the failure. */
export async function eventually<Value>(read: () => Value | Promise<Value>, expected: Awaited<Value>): Promise<void> {
  await eventuallyThat(read, (value) => deepStrictEqual(value, expected));
}

export async function eventuallyMatches(read: () => string | Promise<string>, pattern: RegExp): Promise<void> {
  await eventuallyThat(read, (text) => {
    if (!pattern.test(text)) {
      throw new Error(`${pattern} is not in:\n${text}`);
    }
  });
}

async function eventuallyThat<Value>(read: () => Value, holds: (value: Awaited<Value>) => void): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await read();
    try {
      holds(value);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
    }
    await delay(50);
  }
}
