/** A report for a pull request or a CI summary page: what every line weighs, as Markdown. */
import type { LayerInsight } from '../insights/insight.ts';
import type { Page } from './annotated.ts';
import { layerTitle } from './labels.ts';
import { ruleLink } from './links.ts';
import { code, escape, table } from './markdown-text.ts';
import { overview, type Overview } from './overview.ts';
import { remarks, summaryLines } from './summary.ts';
import { signs, triggerWeight, weightOf } from './weight.ts';

export function markdownReport(page: Page): string {
  const all = overview(page.insights);
  const rows = all.layers.flatMap((layer) => instructionRows(layer, page.text, all));
  const below = remarks(all, page.dockerfile, page.text).map(
    ({ place, level, message, origin }) =>
      `- **${level}** ${code(place)} ${escape(message)} (${originLink(origin, all)})`,
  );
  const parts = [
    `### Layers of ${code(page.dockerfile)}`,
    summaryLines(all)
      .map((line, index) => (index === 0 ? `**${escape(line)}**` : escape(line)))
      .join('  \n'),
    table(['Line', 'Size', 'Files', 'Instruction'], ['right', 'right', 'right', 'left'], rows),
    rows.some(([, size]) => size!.startsWith(String.raw`\~`)) ? `${escape('~')} ${signs.stale.meaning}` : '',
    below.length > 0 ? `#### Problems and findings\n\n${below.join('\n')}` : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function instructionRows(layer: LayerInsight, text: string, all: Overview): string[][] {
  const [first = ''] = text.slice(layer.span.start, layer.span.end).split(/\r?\n/, 1);
  const line = String(layer.lines.start + 1);
  const row = [line, escape(weightOf(layer, all)?.text ?? ''), filesText(layer.layer), code(first.trimEnd())];
  return [
    row,
    ...layer.onbuild.map((trigger) => [
      line,
      escape(triggerWeight(trigger, all)?.text ?? ''),
      filesText(trigger.layer),
      code(`ONBUILD ${trigger.text}`.split('\n')[0]!),
    ]),
  ];
}

/** The words after the size: `812 files`, `changes nothing`. */
function filesText(measured: LayerInsight['layer']): string {
  return measured?.certainty === 'measured' ? (layerTitle(measured).split(' · ')[1] ?? '') : '';
}

function originLink(origin: string, all: Overview): string {
  return all.findings.some(({ rule }) => rule === origin) ? `[${origin}](${ruleLink(origin)})` : origin;
}
