/** What our grammars make of text, as VS Code's own tokenizer sees it. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { test } from '../runner.ts';
import type { Screen } from '../screen.ts';
import { eventually, file, open } from '../steps.ts';

export const languageTests = [
  test('the body of a RUN heredoc is shell, and the next instruction is not', async (screen) => {
    const text =
      'FROM a\nRUN --network=none <<-"END"\n\tif true; then echo "open\n\tEND\nCOPY <<x /y\nRUN no\nx\nENV A=1\n';
    deepStrictEqual(await scopes(screen, 'app/heredoc.Dockerfile', text, ['if', 'COPY', 'RUN no', 'ENV']), {
      'if': 'keyword.control.if.shell',
      'COPY': 'keyword.other.special-method.dockerfile',
      'RUN no': 'string.unquoted.heredoc.dockerfile',
      'ENV': 'keyword.other.special-method.dockerfile',
    });
  }),

  test('.dockerignore files have a language: comments, exceptions, globs', async (screen) => {
    strictEqual((await open('app/.dockerignore')).document.languageId, 'dockerignore');
    deepStrictEqual(
      await scopes(screen, 'app/Dockerfile.dockerignore', '# c\n**/a?[b-c]\n!keep\n', [' c', '**', '?', '!']),
      {
        ' c': 'comment.line.number-sign.dockerignore',
        '**': 'keyword.operator.glob.recursive.dockerignore',
        '?': 'keyword.operator.glob.dockerignore',
        '!': 'keyword.operator.negation.dockerignore',
      },
    );
  }),

  test('a comment is switched with the key for comments', async () => {
    const { document } = await open('app/.dockerignore');
    await vscode.commands.executeCommand('cursorBottom');
    await vscode.commands.executeCommand('cursorUp');
    await vscode.commands.executeCommand('editor.action.commentLine');
    strictEqual(document.lineAt(document.lineCount - 2).text, '# !motd.txt');
  }),
];

/** The innermost scope that VS Code's scope inspector names where each of these words begins. */
async function scopes(
  screen: Screen,
  path: string,
  text: string,
  words: readonly string[],
): Promise<Record<string, string>> {
  writeFileSync(file(path), text);
  const editor = await open(path);
  const found: Record<string, string> = {};
  for (const word of words) {
    const at = editor.document.positionAt(text.indexOf(word));
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('editor.action.inspectTMScopes');
    await eventually(async () => (await screen.inspectedToken()) !== '', true);
    found[word] = (await screen.inspectedToken()).split(' ').at(-1)!;
    await screen.press('Escape');
    await eventually(() => screen.inspectedToken(), '');
  }
  return found;
}
