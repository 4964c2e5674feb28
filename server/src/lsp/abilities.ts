/** What the editor at the other end can do, read once from its capabilities, so that features ask plain questions. */
import type { ClientCapabilities } from 'vscode-languageserver/node';

export interface Abilities {
  readonly configuration: boolean;
  readonly configurationChanges: 'registered' | 'told';
  readonly workspaceFolders: boolean;
  readonly workDoneProgress: boolean;
  readonly hoverMarkdown: boolean;
  readonly refreshCodeLens: boolean;
  readonly refreshInlayHints: boolean;
  readonly refreshDiagnostics: boolean;
  /** It asks for diagnostics itself; to others they are sent. */
  readonly pullsDiagnostics: boolean;
  readonly diagnosticLinks: boolean;
  readonly diagnosticRelated: boolean;
  readonly diagnosticVersion: boolean;
  /** It takes code actions with an edit; others know commands only. */
  readonly codeActionEdits: boolean;
  readonly codeActionPreferred: boolean;
  readonly versionedEdits: boolean;
}

export function readAbilities({ workspace, textDocument, window }: ClientCapabilities): Abilities {
  const formats = textDocument?.hover?.contentFormat ?? [];
  const diagnostics = [textDocument?.diagnostic, textDocument?.publishDiagnostics];
  return {
    configuration: workspace?.configuration === true,
    configurationChanges: workspace?.didChangeConfiguration?.dynamicRegistration === true ? 'registered' : 'told',
    workspaceFolders: workspace?.workspaceFolders === true,
    workDoneProgress: window?.workDoneProgress === true,
    hoverMarkdown: formats.includes('markdown'),
    refreshCodeLens: workspace?.codeLens?.refreshSupport === true,
    refreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    diagnosticLinks: diagnostics.some((each) => each?.codeDescriptionSupport === true),
    diagnosticRelated: diagnostics.some((each) => each?.relatedInformation === true),
    diagnosticVersion: textDocument?.publishDiagnostics?.versionSupport === true,
    codeActionEdits: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    codeActionPreferred: textDocument?.codeAction?.isPreferredSupport === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
  };
}
