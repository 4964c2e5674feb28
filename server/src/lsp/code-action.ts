/** The fixes that findings bring along, as quick fixes. Knows no rule: title and edits come with the finding. */
import { CodeActionKind } from 'vscode-languageserver/node';
import type { CodeAction, CodeActionContext, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import type { Finding, Fix } from '../insights/insight.ts';
import type { Span } from '../text/span.ts';
import type { Abilities } from './abilities.ts';
import { diagnosticSource } from './diagnostics.ts';
import type { DocumentView } from './view.ts';
import { rangeOf } from './view.ts';

export function codeActions(
  view: DocumentView,
  range: Range,
  context: CodeActionContext,
  abilities: Abilities,
): CodeAction[] {
  // A client without edits in actions would need a command per fix and its own right to edit; it has the message instead.
  if (!abilities.codeActionEdits || !view.configuration.shown.diagnostics || !wanted(context.only)) {
    return [];
  }
  const selected = { start: view.document.offsetAt(range.start), end: view.document.offsetAt(range.end) };
  return view.overview.findings
    .filter((finding) => touches(finding.span, selected))
    .flatMap((finding) => finding.fixes.map((fix) => codeAction(finding, fix, view, context, abilities)));
}

/** Kinds are a hierarchy: who asks for `quickfix` or for nothing in particular gets quick fixes. */
function wanted(only: readonly CodeActionKind[] | undefined): boolean {
  return only === undefined || only.some((kind) => kind === CodeActionKind.QuickFix || kind === CodeActionKind.Empty);
}

function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function codeAction(
  finding: Finding,
  fix: Fix,
  view: DocumentView,
  context: CodeActionContext,
  abilities: Abilities,
): CodeAction {
  const start = view.document.positionAt(finding.span.start);
  const diagnostics = context.diagnostics.filter(
    (each) =>
      each.source === diagnosticSource &&
      each.code === finding.rule &&
      each.range.start.line === start.line &&
      each.range.start.character === start.character,
  );
  const action: CodeAction = {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    edit: workspaceEdit(fix, view, abilities),
  };
  // "Preferred" is applied by one key without looking; only what is safe may be.
  if (abilities.codeActionPreferred && fix.safe && finding.fixes.filter((each) => each.safe).length === 1) {
    action.isPreferred = true;
  }
  return action;
}

function workspaceEdit(fix: Fix, view: DocumentView, abilities: Abilities): WorkspaceEdit {
  const { uri, version } = view.document;
  const edits = fix.edits.map(({ span, newText }): TextEdit => ({ range: rangeOf(view, span), newText }));
  return abilities.versionedEdits
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}
