/** Layer Lens: Show Details. Puts the cursor on an instruction and opens its hover with the keyboard in it. */
import * as vscode from 'vscode';
import { readUri } from '../dockerfile.ts';
import type { Session } from '../session.ts';

/** A lens names URI, line and character; the palette means the line of the cursor. */
export async function showDetails(_session: Session, [target, line, character]: readonly unknown[]): Promise<void> {
  const editor = await findEditor(readUri(target));
  if (!editor) {
    return;
  }
  const at = typeof line === 'number' ? line : editor.selection.active.line;
  const column =
    typeof character === 'number' ? character : editor.document.lineAt(at).firstNonWhitespaceCharacterIndex;
  const position = editor.document.validatePosition(new vscode.Position(at, column));
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  await vscode.commands.executeCommand('editor.action.showHover', { focus: 'autoFocusImmediately' });
}

async function findEditor(uri: vscode.Uri | undefined): Promise<vscode.TextEditor | undefined> {
  const active = vscode.window.activeTextEditor;
  if (!uri || active?.document.uri.toString() === uri.toString()) {
    return active;
  }
  const visible = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  return await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
    ...(visible?.viewColumn !== undefined && { viewColumn: visible.viewColumn }),
  });
}
