/** How the language server is started. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { clientCommands, type InitializationOptions } from '../../server/src/protocol.ts';
import { documentSelector } from './dockerfile.ts';

/** Made, not started. A server that dies is started again by the client, which opens every document anew, so nothing is kept here. */
export function createServer(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): LanguageClient {
  return new LanguageClient(
    'layerLens',
    'Layer Lens',
    { module: context.asAbsolutePath('dist/server.js'), transport: TransportKind.ipc },
    {
      documentSelector,
      outputChannel: output,
      // A function: trust may have been granted before the server is started again.
      initializationOptions: () => initializationOptions(context),
      markdown: { isTrusted: { enabledCommands: Object.values(clientCommands) } },
    },
  );
}

function initializationOptions(context: vscode.ExtensionContext): InitializationOptions {
  return {
    clientCommands: Object.values(clientCommands),
    trusted: vscode.workspace.isTrusted,
    cacheFolder: context.globalStorageUri.fsPath,
  };
}
