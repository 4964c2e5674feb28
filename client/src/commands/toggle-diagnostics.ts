/** Layer Lens: Toggle Diagnostics. */
import * as vscode from 'vscode';
import { switchSetting } from '../switch-setting.ts';

export async function toggleDiagnostics(): Promise<void> {
  await switchSetting('diagnostics', {
    on: vscode.l10n.t('Layer Lens: diagnostics are on'),
    off: vscode.l10n.t('Layer Lens: diagnostics are off'),
  });
}
