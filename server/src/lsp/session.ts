/** One client and everything kept for it, from `initialize` to `shutdown`. */
import type { Connection, InitializeParams, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { imageDescription } from '../render/image-choice.ts';
import { shortSource } from '../render/phrases.ts';
import { cacheFoldersIn, userCacheFolder } from '../sources/cache-folder.ts';
import type { DockerOptions } from '../sources/images.ts';
import { readAbilities } from './abilities.ts';
import type { Abilities } from './abilities.ts';
import { createAnnouncer } from './announcer.ts';
import { createCommands } from './commands.ts';
import type { Commands } from './commands.ts';
import { createConfigurations } from './configuration.ts';
import type { Configurations } from './configuration.ts';
import { createEvidenceKeeper } from './evidence-keeper.ts';
import { followDocuments } from './follow-documents.ts';
import type { Guard } from './guard.ts';
import { createMemo } from './memo.ts';
import { readOptions } from './options.ts';
import type { ServerOptions } from './options.ts';
import { createPairingMemory } from './pairing-memory.ts';
import { backgroundProgress } from './progress.ts';
import { createReading } from './reading.ts';
import { askedSource, configuredSource } from './source-names.ts';
import type { PathFlavour } from './uri.ts';
import type { DocumentView } from './view.ts';

/** The machine that the server runs on, as far as it matters. */
export interface Machine {
  readonly env: DockerOptions['env'];
  readonly paths: PathFlavour;
}

export interface Session {
  readonly abilities: Abilities;
  readonly options: ServerOptions;
  readonly configurations: Configurations;
  readonly commands: Commands;
  /** Undefined for a document that is not open or no Dockerfile. */
  view(uri: string): Promise<DocumentView | undefined>;
  foldersChanged(folders: readonly string[]): void;
  close(): Promise<void>;
}

export interface SessionSetup {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly guard: Guard;
  readonly machine: Machine;
  readonly log: (sentence: string) => void;
}

/** A reading that nobody asked for shows its progress only where it takes longer than a person waits. */
const quietDelay = 400;

export function createSession(params: InitializeParams, setup: SessionSetup): Session {
  const { connection, documents, guard, machine, log } = setup;
  const abilities = readAbilities(params.capabilities);
  const options = readOptions(params.initializationOptions);
  const cache = cacheFoldersIn(options.cacheFolder ?? userCacheFolder(machine.env));
  const memory = createPairingMemory(cache.pairings, log);
  const reading = createReading(cache.layers, (sentence) => {
    connection.console.info(sentence);
  });
  let folders = foldersOf(params);

  const configurations = createConfigurations({
    connection,
    abilities,
    initial: options.settings,
    env: machine.env,
    folders: () => folders,
    imageSource: (uri, source) => configuredSource(source, uri, folders, machine.paths),
    changed(uri) {
      announcer.changed(uri);
      evidence.recheck(uri);
    },
    log,
  });
  const evidence = createEvidenceKeeper(
    {
      configurations,
      memory,
      reading,
      guard,
      textOf: (uri) => documents.get(uri)?.getText(),
      baseNames: async (uri) => baseNames(await view(uri)),
      progress: (source) => backgroundProgress(connection, `Measuring ${shortSource(source)}`, quietDelay),
      changed: (uri) => {
        announcer.changed(uri);
      },
      look: async (uri) => void (await view(uri)),
    },
    options,
  );
  const memo = createMemo((uri, text) => {
    evidence.matched(uri, text);
  });
  const announcer = createAnnouncer({ connection, abilities, guard, view, evidence: (uri) => evidence.of(uri) });

  async function view(uri: string): Promise<DocumentView | undefined> {
    if (!evidence.of(uri)) {
      return undefined;
    }
    const configuration = await configurations.of(uri);
    // After the wait: the newest text and evidence, or none if it was closed meanwhile.
    const [document, known] = [documents.get(uri), evidence.of(uri)];
    return document && known && memo.view(document, known, configuration);
  }

  const following = followDocuments(documents, { configurations, evidence, memo, announcer, paths: machine.paths });

  return {
    abilities,
    options,
    configurations,
    commands: createCommands({
      connection,
      evidence,
      options,
      resolveSource: (uri, source) => askedSource(source, uri, machine.paths),
      describe: (image) => imageDescription(image, Date.now() / 1000),
    }),
    view,
    foldersChanged(now) {
      folders = now;
      configurations.reload();
    },
    async close() {
      following.dispose();
      announcer.dispose();
      evidence.dispose();
      await Promise.all([memory.flush(), reading.close()]);
    },
  };
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) {
    return workspaceFolders.map(({ uri }) => uri);
  }
  // Clients older than workspace folders send nothing else.
  return rootUri ? [rootUri] : [];
}

/** A name that is not known yet (`$BASE`) is nothing to ask an engine for. */
function baseNames(view: DocumentView | undefined): readonly string[] {
  const stages = [...(view?.overview.stages.values() ?? [])];
  const names = stages.filter(({ base }) => base.kind === 'image').map(({ base }) => base.name);
  return [...new Set(names)].filter((name) => name !== '' && !name.includes('$'));
}
