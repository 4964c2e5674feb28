/** The language server: what it offers, and which file answers what. Knows no Dockerfiles and no images. */
import {
  DidChangeConfigurationNotification,
  DocumentDiagnosticReportKind,
  ErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import type {
  CodeAction,
  CodeLens,
  Connection,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  ExecuteCommandParams,
  Hover,
  InitializeResult,
  InlayHint,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { version } from '../../../package.json';
import { serverCommands } from '../protocol.ts';
import { codeActions } from './code-action.ts';
import { codeLenses } from './code-lens.ts';
import { diagnosticSource, diagnostics } from './diagnostics.ts';
import { createGuard } from './guard.ts';
import type { Guard } from './guard.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { createSession } from './session.ts';
import type { Machine, Session } from './session.ts';

export function startServer(connection: Connection, machine: Machine): void {
  const guard = createGuard((text) => {
    connection.console.error(text);
  });
  const log = (sentence: string): void => {
    connection.console.warn(sentence);
  };
  const documents = new TextDocuments(TextDocument);
  let open: Session | undefined;

  function session(): Session {
    if (!open) {
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not initialized.');
    }
    return open;
  }

  connection.onInitialize((params): InitializeResult => {
    open = createSession(params, { connection, documents, guard, machine, log });
    return offer(open);
  });
  connection.onInitialized(() => {
    guard.work('registering', () => register(connection, guard, session()));
  });
  connection.onShutdown(async () => {
    await open?.close();
    open = undefined;
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    guard.work('reading settings', () => {
      session().configurations.told(settings);
    });
  });

  answerFeatures(connection, guard, session);
  answerDiagnostics(connection, guard, session);
  connection.onExecuteCommand((params, token, reporter) => {
    const execute = guard.request<ExecuteCommandParams, unknown>(params.command, internalError, (asked, signal) =>
      session().commands.execute(asked, reporter, signal),
    );
    return execute(params, token);
  });

  documents.listen(connection);
  connection.listen();
}

function answerFeatures(connection: Connection, guard: Guard, session: () => Session): void {
  connection.onCodeLens(
    guard.request<{ textDocument: { uri: string } }, CodeLens[]>(
      'textDocument/codeLens',
      [],
      async ({ textDocument }) => {
        const view = await session().view(textDocument.uri);
        return view ? codeLenses(view, session().options.clientCommands) : [];
      },
    ),
  );
  connection.languages.inlayHint.on(
    guard.request('textDocument/inlayHint', [] as InlayHint[], async ({ textDocument, range }) => {
      const view = await session().view(textDocument.uri);
      return view ? inlayHints(view, range) : [];
    }),
  );
  connection.onHover(
    guard.request('textDocument/hover', null as Hover | null, async ({ textDocument, position }) => {
      const view = await session().view(textDocument.uri);
      return (view && hover(view, position, session().abilities)) ?? null;
    }),
  );
  connection.onCodeAction(
    guard.request('textDocument/codeAction', [] as CodeAction[], async ({ textDocument, range, context }) => {
      const view = await session().view(textDocument.uri);
      return view ? codeActions(view, range, context, session().abilities) : [];
    }),
  );
}

function answerDiagnostics(connection: Connection, guard: Guard, session: () => Session): void {
  connection.languages.diagnostics.on(
    guard.request<DocumentDiagnosticParams, DocumentDiagnosticReport>(
      'textDocument/diagnostic',
      noDiagnostics,
      async ({ textDocument, previousResultId }) => {
        const view = await session().view(textDocument.uri);
        if (!view) {
          return noDiagnostics;
        }
        const resultId = `${started}.${view.version}`;
        return resultId === previousResultId
          ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
          : { kind: DocumentDiagnosticReportKind.Full, resultId, items: diagnostics(view, session().abilities) };
      },
    ),
  );
}

/** Result ids of an earlier server mean nothing to this one. */
const started = Date.now().toString(36);

const noDiagnostics: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };

const internalError = new ResponseError<never>(
  ErrorCodes.InternalError,
  'Layer Lens met a bug and could not do this. The log of the language server has the details.',
);

function offer({ abilities }: Session): InitializeResult {
  return {
    serverInfo: { name: 'Layer Lens', version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeLensProvider: {},
      inlayHintProvider: {},
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      executeCommandProvider: { commands: Object.values(serverCommands), workDoneProgress: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      ...(abilities.pullsDiagnostics && {
        diagnosticProvider: { identifier: diagnosticSource, interFileDependencies: false, workspaceDiagnostics: false },
      }),
    },
  };
}

async function register(connection: Connection, guard: Guard, session: Session): Promise<void> {
  const { abilities } = session;
  if (abilities.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(() => {
      guard.work('reading workspace folders', async () => {
        const folders = await connection.workspace.getWorkspaceFolders();
        session.foldersChanged((folders ?? []).map(({ uri }) => uri));
      });
    });
  }
  if (abilities.configuration && abilities.configurationChanges === 'registered') {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'layerLens' });
  }
}
