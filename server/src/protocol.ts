/** What our client and our server say to each other beyond LSP. Plain data, imports nothing. */

/** Sent with `initialize` by clients that are ours; all optional, so that any editor can start the server. */
export interface InitializationOptions {
  /** Commands of this client that lenses may name. Others get the server's own commands. */
  readonly clientCommands?: readonly string[];
  /** False: execute nothing, ask no engine. Missing: trusted. */
  readonly trusted?: boolean;
  /** Folder for indexes and remembered pairings; default: the user's cache folder. */
  readonly cacheFolder?: string;
  /** What stands under `layerLens` in the settings, for clients that cannot be asked (`workspace/configuration`). */
  readonly settings?: unknown;
}

/** Commands that the server executes (`workspace/executeCommand`); one argument each. */
export const serverCommands = {
  /** MeasureParams. Without a source the server asks with `window/showMessageRequest`. */
  measure: 'layerLens.server.measure',
  /** ClearParams. Forgets the pairing and the numbers of a document. */
  clear: 'layerLens.server.clear',
  /** No argument; answers ImageChoice[], newest first. Throws with a sentence when no engine answers. */
  listImages: 'layerLens.server.listImages',
  /** No argument. The workspace has become trusted. */
  trust: 'layerLens.server.trust',
} as const;

/** Commands of the VS Code client. */
export const clientCommands = {
  measureImage: 'layerLens.measureImage',
  openArchive: 'layerLens.openArchive',
  clear: 'layerLens.clear',
  toggle: 'layerLens.toggle',
  toggleCodeLens: 'layerLens.toggleCodeLens',
  toggleInlayHints: 'layerLens.toggleInlayHints',
  toggleHover: 'layerLens.toggleHover',
  toggleDiagnostics: 'layerLens.toggleDiagnostics',
  showOutput: 'layerLens.showOutput',
  /** Arguments: uri, line, character. Puts the cursor there and shows the hover. */
  showDetails: 'layerLens.showDetails',
} as const;

export interface MeasureParams {
  readonly uri: string;
  /** `docker-archive:x.tar`, `oci:dir`, `docker-daemon:name:tag`, … */
  readonly source?: string;
}

export interface ClearParams {
  readonly uri: string;
}

export interface ImageChoice {
  readonly source: string;
  readonly names: readonly string[];
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly bytes: number;
  /** Size and age in words, `164 MB · 3 days ago`: the client formats nothing. */
  readonly description: string;
}

/** Server to client, a notification, whenever what is known about a document changes. */
export const statusMethod = 'layerLens/status';
export interface StatusParams {
  readonly uri: string;
  readonly state: 'off' | 'unmeasured' | 'measuring' | 'measured' | 'stale' | 'failed';
  /** Short, for a status bar: `412 MB`. */
  readonly text: string;
  /** Markdown with the source of the numbers, or what went wrong and what to do. */
  readonly tooltip: string;
}
