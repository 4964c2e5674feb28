/** Findings and problems as diagnostics, with only the fields that the client understands. */
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { Finding, Level, ProblemInsight } from '../insights/insight.ts';
import { ruleLink } from '../render/links.ts';
import { sentence } from '../render/phrases.ts';
import type { Abilities } from './abilities.ts';
import type { DocumentView } from './view.ts';
import { rangeOf } from './view.ts';

/** The `source` of every diagnostic; users filter by it. */
export const diagnosticSource = 'layer-lens';

export function diagnostics(view: DocumentView, abilities: Abilities): Diagnostic[] {
  if (!view.configuration.shown.diagnostics) {
    return [];
  }
  const { problems, findings } = view.overview;
  return [
    ...problems.map((problem) => problemDiagnostic(problem, view)),
    ...findings.map((finding) => findingDiagnostic(finding, view, abilities)),
  ];
}

function problemDiagnostic(problem: ProblemInsight, view: DocumentView): Diagnostic {
  return {
    range: rangeOf(view, problem.span),
    severity: problem.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: diagnosticSource,
    code: problem.of,
    message: problem.message,
  };
}

export function findingDiagnostic(finding: Finding, view: DocumentView, abilities: Abilities): Diagnostic {
  const { uri } = view.document;
  const diagnostic: Diagnostic = {
    range: rangeOf(view, finding.span),
    severity: severity(finding.level),
    source: diagnosticSource,
    code: finding.rule,
    message: sentence(finding.message),
  };
  if (abilities.diagnosticLinks) {
    diagnostic.codeDescription = { href: ruleLink(finding.rule) };
  }
  if (abilities.diagnosticRelated && finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.map(({ span, message }) => {
      return { location: { uri, range: rangeOf(view, span) }, message: sentence(message) };
    });
  }
  return diagnostic;
}

function severity(level: Level): DiagnosticSeverity {
  switch (level) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'info':
      return DiagnosticSeverity.Information;
    case 'hint':
      return DiagnosticSeverity.Hint;
  }
}
