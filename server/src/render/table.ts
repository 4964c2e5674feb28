/** One row per instruction, for reading and for `awk`. */
import { overview, stageOf, type Overview } from './overview.ts';
import type { LayerInsight, MeasuredLayer } from '../insights/insight.ts';
import { remarkLines, type Page, type Screen } from './annotated.ts';
import { columns, cut, padEnd, padStart, visible } from './screen-text.ts';
import { summaryLines } from './summary.ts';
import { triggerWeight, weightOf } from './weight.ts';

export function table(page: Page, { paint, width }: Screen): string {
  const all = overview(page.insights);
  const rows = all.layers.flatMap((layer) => instructionRows(layer, page.text, all));
  const widths = header.map(({ title }, column) =>
    Math.max(columns(title), ...rows.map((cells) => columns(cells[column]!))),
  );
  const line = (cells: readonly string[]) => {
    const text = header
      .map(({ right }, column) =>
        right ? padStart(cells[column]!, widths[column]!) : padEnd(cells[column]!, widths[column]!),
      )
      .join('  ')
      .trimEnd();
    return width === undefined ? text : cut(text, width);
  };
  const below = remarkLines(page, all, paint);
  return [
    paint('strong', line(header.map(({ title }) => title))),
    ...rows.map(line),
    '',
    ...summaryLines(all),
    ...(below.length > 0 ? ['', ...below] : []),
    '',
  ].join('\n');
}

/** A column is never empty, so that the columns can be counted: `-` where there is nothing to say. */
const header = [
  { title: 'LINES', right: true },
  { title: 'STAGE', right: false },
  { title: 'EFFECT', right: false },
  { title: 'SIZE', right: true },
  { title: 'FILES', right: true },
  { title: 'LAYER', right: true },
  { title: 'PROOF', right: false },
  { title: 'INSTRUCTION', right: false },
];

function instructionRows(layer: LayerInsight, text: string, all: Overview): string[][] {
  const { start, end } = layer.lines;
  const stage = stageOf(layer, all);
  const lines = start === end ? `${start + 1}` : `${start + 1}-${end + 1}`;
  const stageText = stage ? (stage.name ?? String(stage.index)) : '-';
  return [
    [
      lines,
      stageText,
      layer.effect,
      weightOf(layer, all)?.text ?? '-',
      ...layerCells(layer.layer),
      firstLine(text, layer),
    ],
    ...layer.onbuild.map((trigger) => [
      lines,
      stageText,
      trigger.effect,
      triggerWeight(trigger, all)?.text ?? '-',
      ...layerCells(trigger.layer),
      visible(`ONBUILD ${trigger.text}`.split('\n')[0]!),
    ]),
  ];
}

function layerCells(measured: MeasuredLayer | undefined): [string, string, string] {
  if (!measured) {
    return ['-', '-', '-'];
  }
  return [String(measured.layer.contents?.files ?? '?'), String(measured.index), measured.proof];
}

function firstLine(text: string, { span }: LayerInsight): string {
  const [first = ''] = text.slice(span.start, span.end).split(/\r?\n/, 1);
  return visible(first);
}
