/** The left column of every text output: the few characters that tell what an instruction weighs. */
import type { LayerInsight, MeasuredLayer } from '../insights/insight.ts';
import { stageOf, type Overview } from './overview.ts';
import type { Tone } from './paint.ts';
import { size } from './phrases.ts';

export interface Weight {
  readonly text: string;
  /** For the bar; undefined where nothing was measured. */
  readonly bytes: number | undefined;
  readonly tone: Tone;
}

/** Signs that a text output explains below itself, where it used them. */
export const signs = {
  stale: { sign: '~', meaning: 'measured before your edit' },
  unknown: { sign: '?', meaning: 'makes a layer whose size is not known' },
  layer: { sign: 'layer', meaning: 'makes a layer, not measured' },
} as const;

export function weightOf(layer: LayerInsight, all: Overview): Weight | undefined {
  if (layer.keyword === 'FROM') {
    return fromWeight(layer, all);
  }
  if (layer.effect !== 'layer') {
    return undefined;
  }
  if (layer.built === false) {
    return words('not built');
  }
  if (layer.layer) {
    return measuredWeight(layer.layer, layer.ships !== false);
  }
  return layer.ships !== false && all.image && all.image.matches !== 'not-this-file'
    ? words(signs.unknown.sign)
    : words(signs.layer.sign);
}

/** A trigger of the base, at the FROM where it ran. */
export function triggerWeight(trigger: LayerInsight['onbuild'][number], all: Overview): Weight | undefined {
  if (trigger.layer) {
    return measuredWeight(trigger.layer, true);
  }
  if (trigger.effect !== 'layer') {
    return undefined;
  }
  return words(all.image && all.image.matches !== 'not-this-file' ? signs.unknown.sign : signs.layer.sign);
}

function measuredWeight({ layer: { bytes }, certainty }: MeasuredLayer, ships: boolean): Weight {
  if (bytes === undefined) {
    return words(signs.unknown.sign);
  }
  switch (certainty) {
    case 'stale':
      return { text: `${signs.stale.sign}${size(bytes)}`, bytes, tone: 'stale' };
    case 'measured':
      return { text: size(bytes), bytes, tone: ships && bytes > 0 ? 'plain' : 'quiet' };
  }
}

/** What the base weighs stands on the FROM that brought it in; a stage that does not ship says so there, once for all its lines. */
function fromWeight(layer: LayerInsight, all: Overview): Weight | undefined {
  const stage = stageOf(layer, all);
  if (!stage || (stage.base.kind === 'scratch' && stage.ships)) {
    return undefined;
  }
  if (!stage.built) {
    return words('not built');
  }
  if (!stage.ships) {
    return words('left behind');
  }
  if (stage.base.kind !== 'image' || !all.image?.base || all.image.matches === 'not-this-file') {
    return undefined;
  }
  const bytes = all.image.base.unpacked;
  return bytes === undefined ? words(signs.unknown.sign) : { text: size(bytes), bytes, tone: 'quiet' };
}

function words(text: string): Weight {
  return { text, bytes: undefined, tone: 'quiet' };
}
