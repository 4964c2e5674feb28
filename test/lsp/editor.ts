/** A text editor without a screen, for a real server process: opens, edits, asks, and prints what a user would see. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { clientCommands, serverCommands, statusMethod } from '../../server/src/protocol.ts';
import type { StatusParams } from '../../server/src/protocol.ts';
import { bundleServer } from '../support/server-bundle.ts';
import type { ServerBundle } from '../support/server-bundle.ts';
import { startClient } from '../support/lsp-client.ts';
import type { LspClient } from '../support/lsp-client.ts';

/** What VS Code sends, as far as the server looks at it. */
export const allCapabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceFolders: true,
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
  textDocument: {
    hover: { contentFormat: ['markdown', 'plaintext'] },
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true },
    codeAction: { isPreferredSupport: true, codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
    codeLens: {},
    inlayHint: {},
  },
  window: { workDoneProgress: true },
};

export interface EditorOptions {
  readonly capabilities?: object;
  /** What stands under `layerLens` for a resource. */
  readonly settings?: (uri: string) => object;
  readonly initializationOptions?: object;
  readonly folders?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A folder that outlives the editor, to open the same files again. */
  readonly folder?: string;
  readonly asVsCode?: boolean;
}

export interface Editor extends AsyncDisposable {
  readonly client: LspClient;
  /** The program that runs. */
  readonly server: string;
  readonly folder: string;
  readonly initialized: {
    readonly capabilities: Record<string, unknown>;
    readonly serverInfo: { readonly name: string };
  };
  open(name: string, text: string, options?: { readonly languageId?: string }): EditorDocument;
  execute(command: keyof typeof serverCommands, argument?: object, more?: object): Promise<unknown>;
  status(document: { readonly uri: string }, state: StatusParams['state'], from?: number): Promise<StatusParams>;
}

export interface EditorDocument {
  readonly uri: string;
  readonly text: () => string;
  change(text: string): void;
  save(): void;
  close(): void;
  /** The text with the titles above their lines. */
  lenses(): Promise<string>;
  /** The text with hints at the ends of lines. */
  hints(): Promise<string>;
  /** At the first place where `word` stands. */
  hover(word: string): Promise<{ readonly kind: string; readonly value: string; readonly on: string } | undefined>;
  measure(source: string): Promise<unknown>;
}

/** One bundle for the tests of a file. */
export function useServer(): (options?: EditorOptions) => Promise<Editor> {
  let bundle: ServerBundle | undefined;
  beforeAll(async () => {
    bundle = await bundleServer();
  });
  afterAll(async () => {
    await bundle?.[Symbol.asyncDispose]();
  });
  return (options = {}) => openEditor(bundle!.server, options);
}

export async function temporaryFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'layer-lens-lsp-'));
}

async function openEditor(server: string, options: EditorOptions): Promise<Editor> {
  const folder = options.folder ?? (await temporaryFolder());
  // An engine of the machine must not take part, whatever is set outside.
  const quiet = {
    HOME: folder,
    XDG_CACHE_HOME: join(folder, '.cache'),
    DOCKER_CONFIG: join(folder, '.docker'),
    DOCKER_CONTEXT: '',
  };
  const env = { ...process.env, ...quiet, DOCKER_HOST: `unix://${join(folder, 'no-engine.sock')}`, ...options.env };
  const client = startClient(process.execPath, [server, '--stdio'], env);
  const { settings = () => ({}) } = options;
  client.answer('workspace/configuration', (params) =>
    (params as { items: { scopeUri: string }[] }).items.map(({ scopeUri }) => settings(scopeUri)),
  );
  for (const method of ['client/registerCapability', 'window/workDoneProgress/create', 'window/showMessageRequest']) {
    client.answer(method, () => null);
  }
  for (const feature of ['codeLens', 'inlayHint', 'diagnostic']) {
    client.answer(`workspace/${feature}/refresh`, () => null);
  }
  const roots = (options.folders ?? [folder]).map((path) => ({ uri: pathToFileURL(path).href, name: path }));
  const initialized = await client.request('initialize', {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: roots,
    capabilities: options.capabilities ?? allCapabilities,
    initializationOptions: {
      ...(options.asVsCode === true && { clientCommands: Object.values(clientCommands) }),
      ...options.initializationOptions,
    },
  });
  client.notify('initialized', {});
  const execute: Editor['execute'] = (command, argument, more) =>
    client.request('workspace/executeCommand', { command: serverCommands[command], arguments: [argument], ...more });
  return {
    client,
    server,
    folder,
    initialized: initialized as Editor['initialized'],
    open: (name, text, { languageId = 'dockerfile' } = {}) =>
      openDocument(client, execute, uriOf(folder, name), text, languageId),
    execute,
    async status({ uri }, state, from = 0) {
      const fits = (status: StatusParams): boolean => status.uri === uri && status.state === state;
      return (await client.hear(statusMethod, fits, from)) as StatusParams;
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      if (options.folder === undefined) {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A name with a scheme is a URI already. */
function uriOf(folder: string, name: string): string {
  return /^[a-z-]+:/.test(name) ? name : pathToFileURL(join(folder, name)).href;
}

function openDocument(
  client: LspClient,
  execute: Editor['execute'],
  uri: string,
  opened: string,
  languageId: string,
): EditorDocument {
  let text = opened;
  let version = 1;
  const textDocument = { uri };
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  return {
    uri,
    text: () => text,
    change(next) {
      text = next;
      version += 1;
      client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    },
    save() {
      client.notify('textDocument/didSave', { textDocument });
    },
    close() {
      client.notify('textDocument/didClose', { textDocument });
    },
    async lenses() {
      return withLenses(text, (await client.request('textDocument/codeLens', { textDocument })) as Lens[]);
    },
    async hints() {
      const range = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };
      return withHints(text, (await client.request('textDocument/inlayHint', { textDocument, range })) as Hint[]);
    },
    async hover(word) {
      const position = positionOf(text, text.indexOf(word));
      const hover = (await client.request('textDocument/hover', { textDocument, position })) as Hover | null;
      return hover ? { ...hover.contents, on: slice(text, hover.range) } : undefined;
    },
    measure: (source) => execute('measure', { uri, source }),
  };
}

interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
export interface Lens {
  readonly range: Range;
  readonly command: { readonly title: string; readonly command: string; readonly arguments?: readonly unknown[] };
}
interface Hint {
  readonly position: Position;
  readonly label: string;
}
interface Hover {
  readonly contents: { readonly kind: string; readonly value: string };
  readonly range: Range;
}

/** As an editor draws it: all lenses of a line above it, in the order of the answer. */
export function withLenses(text: string, lenses: readonly Lens[]): string {
  const titles = new Map<number, string[]>();
  for (const { range, command } of lenses) {
    titles.set(range.start.line, [...(titles.get(range.start.line) ?? []), `[${command.title}]`]);
  }
  return lines(text)
    .flatMap((line, at) => (titles.has(at) ? [`  ${titles.get(at)!.join(' ')}`, line] : [line]))
    .join('\n');
}

function withHints(text: string, hints: readonly Hint[]): string {
  const drawn = lines(text);
  for (const { position, label } of hints) {
    const line = drawn[position.line]!;
    drawn[position.line] = `${line.slice(0, position.character)} ‹${label}›${line.slice(position.character)}`;
  }
  return drawn.join('\n');
}

export function slice(text: string, { start, end }: Range): string {
  return text.slice(offsetOf(text, start), offsetOf(text, end));
}

function lines(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

function offsetOf(text: string, { line, character }: Position): number {
  let at = 0;
  for (let count = 0; count < line; count += 1) {
    const end = /\r\n|\n|\r/.exec(text.slice(at));
    at += end ? end.index + end[0].length : 0;
  }
  return at + character;
}

export function positionOf(text: string, offset: number): Position {
  const before = lines(text.slice(0, offset));
  return { line: before.length - 1, character: before.at(-1)!.length };
}
