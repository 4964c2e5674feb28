/** Layer Lens: Toggle. The master switch. */
import * as vscode from 'vscode';
import { switchSetting } from '../switch-setting.ts';

export async function toggle(): Promise<void> {
  await switchSetting('enable', { on: vscode.l10n.t('Layer Lens is on'), off: vscode.l10n.t('Layer Lens is off') });
}
