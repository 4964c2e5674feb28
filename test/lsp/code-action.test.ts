/** Fixes of findings as quick fixes: generic, so that the findings here are made up. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, CodeActionContext } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import type { Finding, Fix } from '../../server/src/insights/insight.ts';
import { readAbilities } from '../../server/src/lsp/abilities.ts';
import type { Abilities } from '../../server/src/lsp/abilities.ts';
import { codeActions } from '../../server/src/lsp/code-action.ts';
import { findingDiagnostic } from '../../server/src/lsp/diagnostics.ts';
import type { DocumentView } from '../../server/src/lsp/view.ts';
import { overview } from '../../server/src/render/overview.ts';
import { allCapabilities } from './editor.ts';

const text = 'FROM a\nRUN b\n';
const able = readAbilities(allCapabilities as never);
const merge: Fix = { title: 'Merge', safe: true, edits: [{ span: { start: 6, end: 11 }, newText: ' &&' }] };

function viewWith(fixes: readonly Fix[]): DocumentView {
  const finding: Finding = {
    kind: 'finding',
    rule: 'some-rule',
    level: 'warning',
    span: { start: 7, end: 10 },
    certainty: 'predicted',
    message: ['Too much.'],
    saves: undefined,
    related: [{ span: { start: 0, end: 4 }, message: ['Made here.'] }],
    fixes,
  };
  return {
    document: TextDocument.create('file:///Dockerfile', 'dockerfile', 7, text),
    insights: [finding],
    overview: overview([finding]),
    configuration: { shown: { diagnostics: true } },
  } as unknown as DocumentView;
}

interface Asked {
  readonly abilities?: Abilities;
  readonly line?: number;
  readonly only?: string[];
}

function check(fixes: readonly Fix[], { abilities = able, line = 1, only }: Asked = {}): CodeAction[] {
  const view = viewWith(fixes);
  const diagnostic = findingDiagnostic(view.overview.findings[0]!, view, abilities);
  const other = { ...diagnostic, source: 'hadolint' };
  const context: CodeActionContext = { diagnostics: [other, diagnostic], ...(only && { only }) };
  const at = { line, character: 1 };
  return codeActions(view, { start: at, end: at }, context, abilities);
}

test('a fix carries its edit, the version it was made for and the diagnostic it solves', () => {
  expect(check([merge])).toMatchInlineSnapshot(`
    [
      {
        "diagnostics": [
          {
            "code": "some-rule",
            "codeDescription": {
              "href": "https://github.com/layer-lens/layer-lens/blob/main/docs/rules.md#some-rule",
            },
            "message": "Too much.",
            "range": {
              "end": {
                "character": 3,
                "line": 1,
              },
              "start": {
                "character": 0,
                "line": 1,
              },
            },
            "relatedInformation": [
              {
                "location": {
                  "range": {
                    "end": {
                      "character": 4,
                      "line": 0,
                    },
                    "start": {
                      "character": 0,
                      "line": 0,
                    },
                  },
                  "uri": "file:///Dockerfile",
                },
                "message": "Made here.",
              },
            ],
            "severity": 2,
            "source": "layer-lens",
          },
        ],
        "edit": {
          "documentChanges": [
            {
              "edits": [
                {
                  "newText": " &&",
                  "range": {
                    "end": {
                      "character": 4,
                      "line": 1,
                    },
                    "start": {
                      "character": 6,
                      "line": 0,
                    },
                  },
                },
              ],
              "textDocument": {
                "uri": "file:///Dockerfile",
                "version": 7,
              },
            },
          ],
        },
        "isPreferred": true,
        "kind": "quickfix",
        "title": "Merge",
      },
    ]
  `);
});

test('only the one safe fix is preferred', () => {
  const risky = { ...merge, title: 'Guess', safe: false };
  const preferred = (fixes: readonly Fix[]): unknown[] =>
    check(fixes).map((action) => [action.title, action.isPreferred]);
  const other = { ...merge, title: 'Other' };
  expect([preferred([risky]), preferred([risky, merge]), preferred([merge, other])]).toEqual([
    [['Guess', undefined]],
    [
      ['Guess', undefined],
      ['Merge', true],
    ],
    [
      ['Merge', undefined],
      ['Other', undefined],
    ],
  ]);
});

test('elsewhere, and for other kinds, there is none', () => {
  expect([check([merge], { line: 0 }), check([merge], { only: ['source'] }), check([])]).toEqual([[], [], []]);
  expect(check([merge], { only: ['quickfix'] })).toHaveLength(1);
});

test('a client without versioned edits gets plain ones, one without edits gets nothing', () => {
  const plain = check([merge], { abilities: { ...able, versionedEdits: false } });
  const range = { start: { line: 0, character: 6 }, end: { line: 1, character: 4 } };
  expect(plain[0]?.edit).toEqual({ changes: { 'file:///Dockerfile': [{ range, newText: ' &&' }] } });
  expect(check([merge], { abilities: { ...able, codeActionEdits: false } })).toEqual([]);
});
