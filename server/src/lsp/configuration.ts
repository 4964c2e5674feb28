/** Settings of each document: asked from the client per resource where it can be asked, else what it told us. */
import type { Connection } from 'vscode-languageserver/node';
import type { InsightConfig } from '../lens.ts';
import type { Level } from '../insights/insight.ts';
import type { DockerOptions } from '../sources/images.ts';
import type { Abilities } from './abilities.ts';
import { buildSettingFor } from './builds-setting.ts';
import { isRecord, readSettings } from './setting-values.ts';
import type { SettingValues } from './setting-values.ts';
import { innermostFolder, nameOfUri, pathBelow } from './uri.ts';

export interface DocumentConfiguration {
  /** Grows with every change; never equal for two different configurations of one document. */
  readonly version: number;
  readonly shown: Pick<SettingValues, 'enable' | 'codeLens' | 'inlayHints' | 'hover' | 'diagnostics'>;
  readonly insight: InsightConfig;
  readonly autoPair: boolean;
  /** The image named for this Dockerfile in `layerLens.builds`. */
  readonly image: string | undefined;
  readonly docker: DockerOptions;
  readonly cacheBytes: number;
}

export interface Configurations {
  /** Waits for the client's first answer, but not longer than a person would. */
  of(uri: string): Promise<DocumentConfiguration>;
  forget(uri: string): void;
  /** `workspace/didChangeConfiguration`. */
  told(settings: unknown): void;
  /** Folders came or went: globs are relative to them. */
  reload(): void;
}

interface Setup {
  readonly connection: Connection;
  readonly abilities: Abilities;
  readonly initial: unknown;
  readonly env: DockerOptions['env'];
  readonly folders: () => readonly string[];
  /** An image named in the settings, with its path from the root. */
  readonly imageSource: (uri: string, source: string) => string;
  readonly changed: (uri: string) => void;
  readonly log: (sentence: string) => void;
}

interface Entry {
  current: DocumentConfiguration | undefined;
  asked: Promise<DocumentConfiguration>;
  /** Of the newest question; an answer to an older one comes too late to count. */
  question: number;
}

/** A client that does not answer must not keep the lenses away. */
const patience = 1_000;

export function createConfigurations(setup: Setup): Configurations {
  const entries = new Map<string, Entry>();
  const complained = new Set<string>();
  const initial = unwrap(setup.initial);
  let pushed: unknown;
  let version = 0;

  function complain(sentence: string): void {
    if (!complained.has(sentence)) {
      complained.add(sentence);
      setup.log(`Settings: ${sentence}.`);
    }
  }

  async function load(uri: string): Promise<DocumentConfiguration> {
    const asking = entries.get(uri);
    const question = asking ? (asking.question += 1) : 0;
    const pulled = setup.abilities.configuration ? await pull(setup, uri) : undefined;
    const values = readSettings([pulled, pushed, initial], complain);
    version += 1;
    const next = forDocument(uri, values, setup, version, complain);
    const entry = entries.get(uri);
    if (entry?.question !== question) {
      return entry?.current ?? next;
    }
    const { current } = entry;
    if (current && sameSettings(current, next)) {
      return current;
    }
    entry.current = next;
    if (current) {
      setup.changed(uri);
    }
    return next;
  }

  function provisional(uri: string): DocumentConfiguration {
    const entry = entries.get(uri);
    if (entry?.current) {
      return entry.current;
    }
    version += 1;
    const defaults = forDocument(uri, readSettings([pushed, initial], complain), setup, version, complain);
    if (entry) {
      entry.current = defaults;
    }
    return defaults;
  }

  function reload(): void {
    for (const [uri, entry] of entries) {
      entry.asked = load(uri);
    }
  }

  return {
    async of(uri) {
      let entry = entries.get(uri);
      if (!entry) {
        entry = { current: undefined, asked: Promise.resolve().then(() => load(uri)), question: 0 };
        entries.set(uri, entry);
      }
      return entry.current ?? (await Promise.race([entry.asked, later(patience).then(() => provisional(uri))]));
    },
    forget(uri) {
      entries.delete(uri);
    },
    told(settings) {
      // A client that can be asked sends `null` or a copy without scopes here; its answers are the truth.
      pushed = setup.abilities.configuration ? undefined : unwrap(settings);
      reload();
    },
    reload,
  };
}

/** The same settings come as `{ layerLens: … }` from some clients and bare from others. */
function unwrap(settings: unknown): unknown {
  return isRecord(settings) && 'layerLens' in settings ? settings['layerLens'] : settings;
}

async function pull({ connection, log }: Setup, scopeUri: string): Promise<unknown> {
  try {
    return await connection.workspace.getConfiguration({ scopeUri, section: 'layerLens' });
  } catch (error) {
    log(`Settings: the editor did not tell them (${error instanceof Error ? error.message : String(error)}).`);
    return undefined;
  }
}

function forDocument(
  uri: string,
  values: SettingValues,
  { env, folders, imageSource }: Setup,
  version: number,
  complain: (sentence: string) => void,
): DocumentConfiguration {
  const { build, image } = buildSettingFor(pathInWorkspace(uri, folders()), values.builds, complain);
  return {
    version,
    shown: shownParts(values),
    insight: {
      build,
      levels: readLevels(values.rules, complain),
      largeLayerBytes: values['largeLayer.megabytes'] * 1_000_000,
    },
    autoPair: values.autoPair,
    image: image === undefined ? undefined : imageSource(uri, image),
    docker: { path: values['docker.path'], host: values['docker.host'] || undefined, env },
    cacheBytes: values['cache.megabytes'] * 1_000_000,
  };
}

/** The master switch is asked here, and nowhere else. */
function shownParts({
  enable,
  codeLens,
  inlayHints,
  hover,
  diagnostics,
}: SettingValues): DocumentConfiguration['shown'] {
  return enable
    ? { enable, codeLens, inlayHints, hover, diagnostics }
    : { enable, codeLens: 'off', inlayHints: false, hover: false, diagnostics: false };
}

/** The innermost folder of the workspace counts; outside of all, the path from the root, so that `**` still finds it. */
function pathInWorkspace(uri: string, folders: readonly string[]): string {
  return pathBelow(innermostFolder(uri, folders) ?? 'file:///', uri) ?? nameOfUri(uri);
}

function readLevels(
  rules: SettingValues['rules'],
  complain: (sentence: string) => void,
): ReadonlyMap<string, Level | 'off'> {
  const levels = new Map<string, Level | 'off'>();
  for (const [rule, level] of Object.entries(rules)) {
    if (level === 'error' || level === 'warning' || level === 'info' || level === 'hint' || level === 'off') {
      levels.set(rule, level);
    } else {
      complain(`layerLens.rules: the level of ${rule} must be error, warning, info, hint or off`);
    }
  }
  return levels;
}

function sameSettings(a: DocumentConfiguration, b: DocumentConfiguration): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint({ shown, insight, autoPair, image, docker, cacheBytes }: DocumentConfiguration): string {
  const { build, levels, largeLayerBytes } = insight;
  const args = [...build.buildArgs];
  return JSON.stringify([
    [shown, autoPair, image, docker.path, docker.host, cacheBytes],
    [build.target, build.platform, args, [...levels], largeLayerBytes],
  ]);
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
