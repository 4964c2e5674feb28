/** Switches a setting where it takes effect: in the folder or workspace that sets it, else for the user. */
import * as vscode from 'vscode';
import type { SettingKey } from '../../server/src/settings.ts';

/** The value now in force for the Dockerfile being edited. */
export function readSetting(key: SettingKey): unknown {
  return configuration().get(key);
}

/** Writes a value and says so in the status bar, because what it switches may be off screen. */
export async function writeSetting(key: SettingKey, value: unknown, told: string): Promise<void> {
  const settings = configuration();
  const inspected = settings.inspect(key);
  const target =
    inspected?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : inspected?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await settings.update(key, value, target);
  vscode.window.setStatusBarMessage(told, 3000);
}

export async function switchSetting(
  key: SettingKey,
  words: { readonly on: string; readonly off: string },
): Promise<void> {
  const on = readSetting(key) !== true;
  await writeSetting(key, on, on ? words.on : words.off);
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('layerLens', vscode.window.activeTextEditor?.document.uri);
}
