/** What stands above instructions: a title above each that makes a layer, totals and actions above FROM. */
import type { CodeLens, Command } from 'vscode-languageserver/node';
import type { LayerInsight } from '../insights/insight.ts';
import { clientCommands, serverCommands } from '../protocol.ts';
import type { ClearParams, MeasureParams } from '../protocol.ts';
import { lensTitle } from '../render/labels.ts';
import { stageOf } from '../render/overview.ts';
import type { DocumentView } from './view.ts';
import { rangeOf } from './view.ts';

/** `offered` are the client's own commands; where it has none for an action, the server's stands in. */
export function codeLenses(view: DocumentView, offered: ReadonlySet<string>): CodeLens[] {
  switch (view.configuration.shown.codeLens) {
    case 'off':
      return [];
    case 'from':
      return view.overview.layers
        .filter((layer) => layer.keyword === 'FROM')
        .flatMap((from) => lensesOf(from, view, offered));
    case 'layers':
      return view.overview.layers.flatMap((layer) => lensesOf(layer, view, offered));
  }
}

function lensesOf(layer: LayerInsight, view: DocumentView, offered: ReadonlySet<string>): CodeLens[] {
  const range = rangeOf(view, layer.keywordSpan);
  const title = lensTitle(layer, view.overview);
  const commands = title === undefined ? [] : [details(title, layer, view, offered)];
  if (layer === actionsAt(view)) {
    commands.push(...actions(view, offered));
  }
  return commands.map((command) => ({ range, command }));
}

/** A title leads to its hover where the client can show one; elsewhere it is text, which the protocol writes as no command. */
function details(
  title: string,
  layer: LayerInsight,
  { document }: DocumentView,
  offered: ReadonlySet<string>,
): Command {
  if (!offered.has(clientCommands.showDetails)) {
    return { title, command: '' };
  }
  const { line, character } = document.positionAt(layer.keywordSpan.start);
  return { title, command: clientCommands.showDetails, arguments: [document.uri, line, character] };
}

/** Measuring is about the whole file: one place for it, the stage that ships. */
function actionsAt({ overview }: DocumentView): LayerInsight | undefined {
  const froms = overview.layers.filter((layer) => layer.keyword === 'FROM');
  return froms.find((from) => stageOf(from, overview)?.target === true) ?? froms[0];
}

function actions({ document: { uri }, evidence }: DocumentView, offered: ReadonlySet<string>): Command[] {
  const measured = evidence.evidence.image !== undefined;
  const measure = offered.has(clientCommands.measureImage)
    ? { command: clientCommands.measureImage, arguments: [uri] }
    : { command: serverCommands.measure, arguments: [{ uri } satisfies MeasureParams] };
  const clear = offered.has(clientCommands.clear)
    ? { command: clientCommands.clear, arguments: [uri] }
    : { command: serverCommands.clear, arguments: [{ uri } satisfies ClearParams] };
  return [
    { title: measured ? 'Measure another image…' : 'Measure existing image…', ...measure },
    ...(measured ? [{ title: 'Clear', ...clear }] : []),
  ];
}
