/** The lines below an annotated Dockerfile: totals, where the numbers come from, what is wrong. */
import { lineTable, positionAt } from '../text/lines.ts';
import type { Finding, ImageInsight, ProblemInsight, Proof } from '../insights/insight.ts';
import { measuredLayers, type Overview } from './overview.ts';
import {
  count,
  dateTime,
  level,
  matches,
  platformText,
  proof,
  reason,
  sentence,
  shortDigest,
  shortName,
  size,
  sizeOrUnknown,
} from './phrases.ts';

/** Sentences, the most wanted number first. */
export function summaryLines(all: Overview): string[] {
  const { image, target } = all;
  if (!image) {
    const own = all.layers.filter((layer) => layer.ships === true && layer.effect === 'layer').length;
    return target ? [`${count(own, 'layer')} of its own · not measured`] : ['no stage to build'];
  }
  return [
    ...(image.matches === 'not-this-file' ? [] : [totalLine(image)]),
    ...(image.matches === 'not-this-file' ? [] : netLine(image)),
    [matches(image.matches), image.reason && reason(image.reason)].filter(Boolean).join(': '),
    ...proofLine(all),
    [
      `image ${shortDigest(image.id).replace('sha256:', '')}`,
      platformText(image.platform),
      image.created && `created ${dateTime(image.created)}`,
      `measured from ${image.source}`,
    ]
      .filter(Boolean)
      .join(' · '),
  ];
}

/** One problem or finding with its place, 1-based, as compilers print it and editors understand it. */
export interface Remark {
  readonly place: string;
  readonly level: 'error' | 'warning' | 'note' | 'hint';
  readonly message: string;
  /** The rule's name; of a problem its kind. */
  readonly origin: string;
}

export function remarks(all: Overview, dockerfile: string, text: string): Remark[] {
  const table = lineTable(text);
  const place = (remark: Finding | ProblemInsight) => {
    const { line, character } = positionAt(table, remark.span.start);
    return `${dockerfile}:${line + 1}:${character + 1}`;
  };
  return [...all.problems, ...all.findings]
    .toSorted((a, b) => a.span.start - b.span.start)
    .map((remark) =>
      remark.kind === 'problem'
        ? { place: place(remark), level: remark.severity, message: remark.message, origin: remark.of }
        : { place: place(remark), level: level(remark.level), message: sentence(remark.message), origin: remark.rule },
    );
}

function totalLine({ bytes, base, layers }: ImageInsight): string {
  const total = `${sizeOrUnknown(bytes.unpacked)} in ${count(layers, 'layer')}`;
  if (!base) {
    return total;
  }
  const own = bytes.unpacked === undefined || base.unpacked === undefined ? undefined : bytes.unpacked - base.unpacked;
  return [
    total,
    base.layers > 0 && `base ${shortName(base.name)} ${sizeOrUnknown(base.unpacked)} in ${count(base.layers, 'layer')}`,
    base.layers > 0 && `own ${sizeOrUnknown(own)} in ${count(layers - base.layers, 'layer')}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function netLine({ bytes: { unpacked, net, stored } }: ImageInsight): string[] {
  const parts = [
    net === undefined ? undefined : `${size(net)} in the final file system`,
    net === undefined || unpacked === undefined
      ? undefined
      : `${size(unpacked - net)} dead (overwritten or deleted by a later layer)`,
    stored === undefined ? undefined : `${size(stored)} as stored`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [parts.join(' · ')];
}

/** How sure the lines are: `6 layers found by the record of the build, 1 layer found by order only, …`. */
function proofLine(all: Overview): string[] {
  const found = all.layers.flatMap(measuredLayers);
  const parts = (['provenance', 'history', 'order'] satisfies Proof[]).flatMap((kind) => {
    const amount = found.filter((measured) => measured.proof === kind).length;
    return amount === 0 ? [] : [`${count(amount, 'layer')} found ${proof(kind)}`];
  });
  return parts.length === 0 ? [] : [parts.join(', ')];
}
