/** Layer Lens: Open Image Archive… A `docker save` file, an OCI archive, or the folder of an OCI layout. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { targetDockerfile } from '../dockerfile.ts';
import { measureSource } from '../measure-source.ts';
import type { Session } from '../session.ts';

export async function openArchive(session: Session, [target]: readonly unknown[]): Promise<void> {
  const uri = targetDockerfile(target);
  const source = uri && (await askForArchive(uri));
  if (uri && source) {
    await measureSource(session, uri, source);
  }
}

/** Files only: a dialog for files and folders at once exists on macOS alone. A file of an OCI layout stands for its folder. */
async function askForArchive(dockerfile: vscode.Uri): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Image Archive to Measure'),
      openLabel: vscode.l10n.t('Measure'),
      ...startFolder(dockerfile),
      filters: {
        [vscode.l10n.t('Image archives')]: ['tar', 'gz', 'tgz', 'zst'],
        [vscode.l10n.t('All files')]: ['*'],
      },
    })) ?? [];
  return file && archiveSource(file.fsPath);
}

export async function askForLayoutFolder(dockerfile: vscode.Uri): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('OCI Layout Folder to Measure'),
      openLabel: vscode.l10n.t('Measure'),
      ...startFolder(dockerfile),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder && `oci:${folder.fsPath}`;
}

function archiveSource(path: string): string {
  return ['oci-layout', 'index.json'].includes(basename(path)) ? `oci:${dirname(path)}` : `docker-archive:${path}`;
}

function startFolder(dockerfile: vscode.Uri): { readonly defaultUri?: vscode.Uri } {
  return dockerfile.scheme === 'file' ? { defaultUri: vscode.Uri.joinPath(dockerfile, '..') } : {};
}
