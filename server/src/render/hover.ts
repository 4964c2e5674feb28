/** The hover of an instruction: what it does to the image, then what is known of its layer and from where. */
import type { ImageInsight, LayerInsight, MeasuredLayer } from '../insights/insight.ts';
import type { PathBytes } from '../image/image.ts';
import { effectSentence, whereItEnds } from './effects.ts';
import { code, escape, table } from './markdown-text.ts';
import { changesNothing, stageOf, type Overview } from './overview.ts';
import {
  buildTime,
  certainty,
  count,
  dateTime,
  matches,
  platformText,
  proof,
  reason,
  shortDigest,
  size,
  sizeOrUnknown,
} from './phrases.ts';

/** Markdown; the first line is short and complete by itself. */
export function hoverMarkdown(layer: LayerInsight, all: Overview): string {
  const stage = stageOf(layer, all);
  return paragraphs([
    [`**${escape(layer.keyword)}**`, effectSentence(layer, stage), whereItEnds(layer, stage)].filter(Boolean).join(' '),
    layer.layer && layerPart(layer.layer),
    ...layer.onbuild.map((trigger) =>
      paragraphs([`ONBUILD of the base: ${code(trigger.text)}`, trigger.layer && layerPart(trigger.layer)]),
    ),
    layer.time && `In the last known build: ${buildTime(layer.time)}.`,
    stage?.target === true && layer.keyword === 'FROM' ? all.image && imagePart(all.image) : undefined,
    layer.keyword !== 'FROM' && layer.layer ? all.image && sourceLine(all.image) : undefined,
  ]);
}

/** Also the tooltip of a status bar. */
export function statusTooltip(all: Overview): string {
  if (!all.image) {
    return 'Layers are told from the text. Measure an image to see sizes.';
  }
  return imagePart(all.image);
}

function layerPart(measured: MeasuredLayer): string {
  const { layer } = measured;
  return paragraphs([
    [
      layer.bytes === undefined ? 'Size not read' : `**${size(layer.bytes)}**`,
      measured.certainty === 'stale' && 'measured before your edit',
      layer.contents && contentsText(measured),
      layer.stored && `${size(layer.stored.bytes)} as stored`,
    ]
      .filter(Boolean)
      .join(' · '),
    layer.contents && pathTable('Largest directories', layer.contents.largestDirectories),
    layer.contents && pathTable('Largest files', layer.contents.largestFiles),
    `Layer ${measured.index + 1}, diff id ${code(shortDigest(layer.diffId))}, found ${proof(measured.proof)}; ${certainty(measured.certainty)}.`,
  ]);
}

function contentsText({ layer }: MeasuredLayer): string {
  if (changesNothing(layer) === true || !layer.contents) {
    return 'changes nothing';
  }
  const { files, directories, symlinks, whiteouts } = layer.contents;
  return [
    count(files, 'file'),
    directories > 0 && count(directories, 'directory'),
    symlinks > 0 && count(symlinks, 'symlink'),
    whiteouts > 0 && `hides ${count(whiteouts, 'path')} of lower layers`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Five rows: a hover is a glance. Rows of nothing are left out. */
function pathTable(title: string, paths: readonly PathBytes[]): string | undefined {
  const rows = paths.filter(({ bytes }) => bytes > 0).slice(0, 5);
  return rows.length === 0
    ? undefined
    : table(
        [title, 'Size'],
        ['left', 'right'],
        rows.map(({ path, bytes }) => [code(path), size(bytes)]),
      );
}

function imagePart(image: ImageInsight): string {
  const { base, bytes } = image;
  return paragraphs([
    [
      `Image ${code(shortDigest(image.id))}`,
      platformText(image.platform),
      image.created && `created ${dateTime(image.created)}`,
      `${matches(image.matches)}${image.reason ? `: ${reason(image.reason)}` : ''}`,
    ]
      .filter(Boolean)
      .join(' · '),
    table(
      ['Size', ''],
      ['left', 'right'],
      [
        ['unpacked', sizeOrUnknown(bytes.unpacked)],
        ...(base ? [[`base ${escape(base.name)}, ${count(base.layers, 'layer')}`, sizeOrUnknown(base.unpacked)]] : []),
        ...(bytes.stored === undefined ? [] : [['as stored', size(bytes.stored)]]),
        ...(bytes.net === undefined ? [] : [['in the final file system', size(bytes.net)]]),
        ...(bytes.net === undefined || bytes.unpacked === undefined
          ? []
          : [['dead: overwritten or deleted by a later layer', size(bytes.unpacked - bytes.net)]]),
      ],
    ),
    sourceLine(image),
  ]);
}

function sourceLine(image: ImageInsight): string {
  return `Measured from ${code(image.source)}.`;
}

function paragraphs(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join('\n\n');
}
