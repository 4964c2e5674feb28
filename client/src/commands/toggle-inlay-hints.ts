/** Layer Lens: Toggle Inlay Hints. */
import * as vscode from 'vscode';
import { switchSetting } from '../switch-setting.ts';

export async function toggleInlayHints(): Promise<void> {
  await switchSetting('inlayHints', {
    on: vscode.l10n.t('Layer Lens: inlay hints are on'),
    off: vscode.l10n.t('Layer Lens: inlay hints are off'),
  });
}
