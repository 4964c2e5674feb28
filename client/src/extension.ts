/** The VS Code end of Layer Lens: starts the language server when a Dockerfile is open and registers every command. */
import * as vscode from 'vscode';
import { clientCommands } from '../../server/src/protocol.ts';
import { clear } from './commands/clear.ts';
import { measureImage } from './commands/measure-image.ts';
import { openArchive } from './commands/open-archive.ts';
import { showDetails } from './commands/show-details.ts';
import { showOutput } from './commands/show-output.ts';
import { toggle } from './commands/toggle.ts';
import { toggleCodeLens } from './commands/toggle-code-lens.ts';
import { toggleDiagnostics } from './commands/toggle-diagnostics.ts';
import { toggleHover } from './commands/toggle-hover.ts';
import { toggleInlayHints } from './commands/toggle-inlay-hints.ts';
import { isDockerfile } from './dockerfile.ts';
import { reportFailure } from './failure.ts';
import { requestTrust } from './requests.ts';
import { createServer } from './server.ts';
import type { Session } from './session.ts';
import { showStatus } from './status.ts';

/** Every command of ours. Arguments come from lenses, menus and other extensions, so they are read by the command itself. */
const commands: Record<keyof typeof clientCommands, (session: Session, args: readonly unknown[]) => Promise<void>> = {
  measureImage,
  openArchive,
  clear,
  toggle,
  toggleCodeLens,
  toggleInlayHints,
  toggleHover,
  toggleDiagnostics,
  showOutput,
  showDetails,
};

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Layer Lens', { log: true });
  const client = createServer(context, output);
  const status = showStatus(client);
  const session: Session = { client, output, status, memory: context.globalState };
  context.subscriptions.push(
    output,
    client,
    status,
    ...Object.entries(clientCommands).map(([name, id]) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) =>
        commands[name as keyof typeof clientCommands](session, args).catch((error: unknown) =>
          reportFailure(error, { output }),
        ),
      ),
    ),
    startWithDockerfile(session),
    vscode.workspace.onDidGrantWorkspaceTrust(
      () => void requestTrust(client).catch((error: unknown) => output.error(String(error))),
    ),
  );
}

/** The server runs once a Dockerfile is open: opening a `.dockerignore` wakes the extension too, and needs none. */
function startWithDockerfile({ client, output }: Session): vscode.Disposable {
  const start = (document: vscode.TextDocument): void => {
    if (isDockerfile(document)) {
      // The client library tells the user by itself.
      client.start().catch((error: unknown) => output.error(String(error)));
    }
  };
  vscode.workspace.textDocuments.forEach(start);
  return vscode.workspace.onDidOpenTextDocument(start);
}
