/** The Dockerfile itself with a column of sizes and a bar at its left, for the terminal. */
import type { Insight, LayerInsight } from '../insights/insight.ts';
import { overview, type Overview } from './overview.ts';
import type { Painter } from './paint.ts';
import { columns, cut, padEnd, padStart, visible } from './screen-text.ts';
import { remarks, summaryLines } from './summary.ts';
import { signs, triggerWeight, weightOf, type Weight } from './weight.ts';

export interface Screen {
  readonly paint: Painter;
  /** Columns; undefined cuts nothing. */
  readonly width: number | undefined;
}

export interface Page {
  /** The Dockerfile's name as given. */
  readonly dockerfile: string;
  readonly text: string;
  readonly insights: readonly Insight[];
}

export function annotated(page: Page, screen: Screen): string {
  const all = overview(page.insights);
  const rows = sourceRows(page.text, all);
  const lines = [
    ...rows.map(layout(rows, screen)),
    '',
    ...summaryLines(all).map((line, index) => screen.paint(index === 0 ? 'strong' : 'plain', line)),
    ...legend(rows).map((line) => screen.paint('quiet', line)),
  ];
  const below = remarkLines(page, all, screen.paint);
  return [...lines, ...(below.length > 0 ? ['', ...below] : []), ''].join('\n');
}

/** Problems and findings, one to a line. */
export function remarkLines(page: Page, all: Overview, paint: Painter): string[] {
  return remarks(all, page.dockerfile, page.text).map(
    ({ place, level, message, origin }) =>
      `${paint('quiet', `${visible(place)}:`)} ${paint(level === 'hint' ? 'note' : level, `${level}:`)} ${visible(message)} ${paint('quiet', `[${origin}]`)}`,
  );
}

interface Row {
  /** Undefined for a trigger of the base, which stands in no line. */
  readonly number: number | undefined;
  readonly source: string;
  readonly weight: Weight | undefined;
  readonly comment: boolean;
}

function sourceRows(text: string, all: Overview): Row[] {
  const byStart = new Map(all.layers.map((layer) => [layer.lines.start, layer]));
  const byEnd = new Map(all.layers.map((layer) => [layer.lines.end, layer]));
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') {
    lines.pop();
  }
  return lines.flatMap((line, index) => {
    const layer = byStart.get(index);
    const row = {
      number: index + 1,
      source: visible(line),
      weight: layer && weightOf(layer, all),
      comment: layer === undefined && /^\s*#/.test(line),
    };
    return [row, ...triggerRows(byEnd.get(index), all)];
  });
}

/** What the base made this build do, below the FROM that did it. */
function triggerRows(layer: LayerInsight | undefined, all: Overview): Row[] {
  return (layer?.onbuild ?? []).map((trigger) => ({
    number: undefined,
    source: visible(`ONBUILD ${trigger.text}`.split('\n')[0]!),
    weight: triggerWeight(trigger, all),
    comment: false,
  }));
}

const barColumns = 10;

function layout(rows: readonly Row[], { paint, width }: Screen): (row: Row) => string {
  const weights = rows.map((row) => row.weight).filter((weight) => weight !== undefined);
  const largest = Math.max(0, ...weights.map(({ bytes }) => bytes ?? 0));
  const weightColumns = Math.max(7, ...weights.map(({ text }) => columns(text)));
  const numberColumns = String(rows.length).length;
  const hasBars = largest > 0 && (width === undefined || width >= 60);
  const left = 1 + weightColumns + 1 + (hasBars ? barColumns + 1 : 0) + numberColumns + 1;

  return ({ number, source, weight, comment }) => {
    const line = [
      ' ',
      paint(weight?.tone ?? 'plain', padStart(weight?.text ?? '', weightColumns)),
      ' ',
      hasBars ? `${paint('bar', padEnd(bar(weight?.bytes ?? 0, largest), barColumns))} ` : '',
      paint('quiet', padStart(number === undefined ? '' : String(number), numberColumns)),
      paint('quiet', number === undefined ? '↳' : '│'),
      ' ',
      paint(
        comment || number === undefined ? 'quiet' : 'plain',
        width === undefined ? source : cut(source, Math.max(10, width - left - 1)),
      ),
    ].join('');
    return line.trimEnd();
  };
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Proportional to the heaviest line; what weighs anything at all shows at least a sliver. */
function bar(bytes: number, largest: number): string {
  if (bytes <= 0) {
    return '';
  }
  const steps = Math.max(1, Math.round((bytes / largest) * barColumns * 8));
  return '█'.repeat(Math.floor(steps / 8)) + eighths[steps % 8]!;
}

/** Only the signs that were used. */
function legend(rows: readonly Row[]): string[] {
  return Object.values(signs)
    .filter(({ sign }) =>
      rows.some(({ weight }) => (sign === '~' ? weight?.text.startsWith(sign) : weight?.text === sign)),
    )
    .map(({ sign, meaning }) => `${sign}  ${meaning}`);
}
