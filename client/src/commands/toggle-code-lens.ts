/** Layer Lens: Toggle CodeLens. Back on means as it was: on every layer, or on FROM only. */
import * as vscode from 'vscode';
import type { Session } from '../session.ts';
import { readSetting, writeSetting } from '../switch-setting.ts';

const memoryKey = 'codeLens.before';

export async function toggleCodeLens({ memory }: Session): Promise<void> {
  const now = readSetting('codeLens');
  if (now === 'off') {
    await writeSetting(
      'codeLens',
      memory.get<string>(memoryKey, 'layers'),
      vscode.l10n.t('Layer Lens: CodeLens is on'),
    );
    return;
  }
  await memory.update(memoryKey, now);
  await writeSetting('codeLens', 'off', vscode.l10n.t('Layer Lens: CodeLens is off'));
}
