/** Layer Lens: Toggle Hover. */
import * as vscode from 'vscode';
import { switchSetting } from '../switch-setting.ts';

export async function toggleHover(): Promise<void> {
  await switchSetting('hover', {
    on: vscode.l10n.t('Layer Lens: hover is on'),
    off: vscode.l10n.t('Layer Lens: hover is off'),
  });
}
