/** What every command is given. */
import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Status } from './status.ts';

export interface Session {
  readonly client: LanguageClient;
  readonly output: vscode.LogOutputChannel;
  readonly status: Status;
  /** Survives the window, for choices that no setting holds. */
  readonly memory: vscode.Memento;
}
