/** Layer Lens: Measure Existing Image… The engine's images, newest first, and the other ways to name one. */
import * as vscode from 'vscode';
import type { ImageChoice, StatusParams } from '../../../server/src/protocol.ts';
import { targetDockerfile } from '../dockerfile.ts';
import { readFailure } from '../failure.ts';
import { measureSource } from '../measure-source.ts';
import { requestImages } from '../requests.ts';
import type { Session } from '../session.ts';
import { clear } from './clear.ts';
import { askForLayoutFolder, openArchive } from './open-archive.ts';
import { showOutput } from './show-output.ts';

/** What choosing an entry does; 'again' asks the engine once more. */
interface Entry extends vscode.QuickPickItem {
  readonly choose: 'again' | (() => Promise<void>) | undefined;
}

export async function measureImage(session: Session, [target]: readonly unknown[]): Promise<void> {
  const uri = targetDockerfile(target);
  const entry = uri && (await pick(session, uri));
  if (typeof entry?.choose === 'function') {
    await entry.choose();
  }
}

async function pick(session: Session, dockerfile: vscode.Uri): Promise<Entry | undefined> {
  const picker = vscode.window.createQuickPick<Entry>();
  const others = otherWays(session, dockerfile);
  picker.title = vscode.l10n.t('Measure Existing Image');
  picker.placeholder = vscode.l10n.t('The image that was built from {0}', vscode.workspace.asRelativePath(dockerfile));
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  const asking = new vscode.CancellationTokenSource();
  const fill = async (): Promise<void> => {
    picker.busy = true;
    picker.items = [engineNote(vscode.l10n.t('Asking the engine for its images…'), undefined), ...others];
    const images = await listImages(session, dockerfile, asking.token);
    if (!asking.token.isCancellationRequested) {
      picker.busy = false;
      picker.items = [...images, ...others];
    }
  };
  return await new Promise((resolve) => {
    picker.onDidAccept(() => {
      const [entry] = picker.selectedItems;
      if (entry?.choose === 'again') {
        void fill();
      } else if (entry?.choose) {
        resolve(entry);
        picker.hide();
      }
    });
    picker.onDidHide(() => {
      asking.cancel();
      picker.dispose();
      resolve(undefined);
    });
    picker.show();
    void fill();
  });
}

/** Never throws: why there are no images is an entry to read, and to try again. */
async function listImages(session: Session, dockerfile: vscode.Uri, token: vscode.CancellationToken): Promise<Entry[]> {
  try {
    const images = await requestImages(session.client, token);
    return images.length > 0
      ? images.map((image) => imageEntry(session, dockerfile, image))
      : [
          engineNote(
            vscode.l10n.t('The engine has no images'),
            vscode.l10n.t('Build one, then choose this to look again.'),
          ),
        ];
  } catch (error) {
    const { message, hint } = readFailure(error);
    session.output.warn([message, hint].filter(Boolean).join(' '));
    return [{ ...engineNote(message, hint), iconPath: new vscode.ThemeIcon('warning') }];
  }
}

function engineNote(label: string, detail: string | undefined): Entry {
  return { label, ...(detail !== undefined && { detail }), alwaysShow: true, choose: 'again' };
}

function imageEntry(session: Session, dockerfile: vscode.Uri, image: ImageChoice): Entry {
  const [name, ...aliases] = image.names;
  return {
    label: name ?? vscode.l10n.t('<untagged> {0}', shortId(image.id)),
    description: image.description,
    ...(aliases.length > 0 && { detail: vscode.l10n.t('also {0}', aliases.join(', ')) }),
    iconPath: new vscode.ThemeIcon('layers'),
    choose: () => measureSource(session, dockerfile, image.source),
  };
}

/** What works without an engine, and what is left to do with numbers already there. */
function otherWays(session: Session, dockerfile: vscode.Uri): Entry[] {
  return [
    { label: '', kind: vscode.QuickPickItemKind.Separator, choose: undefined },
    {
      label: vscode.l10n.t('Open Image Archive…'),
      description: vscode.l10n.t('of docker save, or of OCI'),
      iconPath: new vscode.ThemeIcon('file-zip'),
      choose: () => openArchive(session, [dockerfile]),
    },
    {
      label: vscode.l10n.t('Open OCI Layout Folder…'),
      iconPath: new vscode.ThemeIcon('folder-opened'),
      choose: () => measureAnswer(session, dockerfile, askForLayoutFolder(dockerfile)),
    },
    {
      label: vscode.l10n.t('Type Where the Image Is…'),
      description: 'docker-daemon:app:latest · oci-archive:/tmp/app.tar',
      iconPath: new vscode.ThemeIcon('edit'),
      choose: () => measureAnswer(session, dockerfile, askForSource()),
    },
    ...(isMeasured(session.status.of(dockerfile)) ? [clearEntry(session, dockerfile)] : []),
    {
      label: vscode.l10n.t('Show Output'),
      iconPath: new vscode.ThemeIcon('output'),
      choose: () => showOutput(session),
    },
  ];
}

function clearEntry(session: Session, dockerfile: vscode.Uri): Entry {
  return {
    label: vscode.l10n.t('Clear'),
    description: vscode.l10n.t('forget the image of this Dockerfile'),
    iconPath: new vscode.ThemeIcon('clear-all'),
    choose: () => clear(session, [dockerfile]),
  };
}

function isMeasured(status: StatusParams | undefined): boolean {
  return status?.state === 'measured' || status?.state === 'stale';
}

async function measureAnswer(
  session: Session,
  dockerfile: vscode.Uri,
  answer: Promise<string | undefined>,
): Promise<void> {
  const source = await answer;
  if (source) {
    await measureSource(session, dockerfile, source);
  }
}

/** What is not a way to name an image is told by the server, which knows them all. */
async function askForSource(): Promise<string | undefined> {
  const source = await vscode.window.showInputBox({
    title: vscode.l10n.t('Image to Measure'),
    prompt: vscode.l10n.t(
      'Such as docker-daemon:app:latest, docker-archive:app.tar, oci-archive:app.tar or oci:folder',
    ),
    placeHolder: 'docker-daemon:app:latest',
  });
  return source?.trim();
}

/** Twelve hex digits, as `docker images` prints an id. */
function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
