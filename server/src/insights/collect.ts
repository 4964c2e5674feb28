/** From what was parsed, planned and mapped to what people are shown: spans and numbers, in the order of the text. */
import type { BuildPlan, PlannedStage, Step } from '../build/plan.ts';
import { createdBy, exactText } from '../build/created-by.ts';
import type { BuildRecord } from '../build/record.ts';
import type { Dockerfile, Instruction } from '../dockerfile/dockerfile.ts';
import type { ImageFacts, Layer } from '../image/image.ts';
import type { LayerMapping } from '../mapping/mapping.ts';
import { findings } from './findings.ts';
import type {
  ImageInsight,
  Insight,
  LayerInsight,
  Level,
  MeasuredLayer,
  ProblemInsight,
  StageInsight,
} from './insight.ts';
import type { RuleSettings } from './rule.ts';

export interface Known {
  readonly dockerfile: Dockerfile;
  readonly plan: BuildPlan;
  readonly measured: Measured | undefined;
}

export interface Measured {
  readonly facts: ImageFacts;
  readonly mapping: LayerMapping;
  readonly record: BuildRecord | undefined;
}

export function collectInsights(
  known: Known,
  levels: ReadonlyMap<string, Level | 'off'>,
  settings: RuleSettings,
): Insight[] {
  const { dockerfile, plan, measured } = known;
  const image = measured && imageInsight(plan, measured);
  const globals = dockerfile.globalInstructions.map((instruction) => globalInsight(instruction));
  const stages = plan.stages.map((stage) => {
    const own = stageInsights(stage, known);
    return { own, insight: stageInsight(stage, plan, own) };
  });
  const layers = [...globals, ...stages.flatMap(({ own }) => own)];
  const told = measured && isTold(measured.mapping) ? layers : undefined;
  const found = findings({ dockerfile, plan, layers: told, settings, levels });
  const inOrder = [...globals, ...stages.flatMap(({ insight, own }) => [insight, ...own])];
  const remarks = [...found, ...[...dockerfile.problems, ...plan.problems].map(problemInsight)];
  if (!image && remarks.length === 0) {
    return inOrder;
  }
  // Sorting is stable: at one place the image comes before its stage, and the stage before its FROM.
  return [...(image ? [image] : []), ...inOrder, ...remarks].toSorted((a, b) => a.span.start - b.span.start);
}

function isTold(mapping: LayerMapping): boolean {
  return mapping.kind === 'exact' || mapping.kind === 'edited';
}

function imageInsight(plan: BuildPlan, { facts, mapping, record }: Measured): ImageInsight {
  const { image } = facts;
  const from = (plan.target ?? plan.stages.at(-1))?.stage.from;
  return {
    kind: 'image',
    span: from?.span ?? { start: 0, end: 0 },
    certainty: mapping.kind === 'exact' ? 'measured' : 'stale',
    source: facts.source,
    build: record && { completedAt: record.completedAt },
    id: image.id,
    platform: image.platform,
    created: image.created,
    matches: mapping.kind,
    reason: mapping.reason,
    bytes: {
      unpacked: sumIfKnown(image.layers.map((layer) => layer.bytes)),
      stored: sumIfKnown(image.layers.map((layer) => layer.stored?.bytes)),
      net: facts.netBytes,
    },
    base: baseBelow(plan, image.layers, mapping.baseLayers),
    layers: image.layers.length,
  };
}

function baseBelow(plan: BuildPlan, layers: readonly Layer[], count: number | undefined): ImageInsight['base'] {
  const base = plan.chain[0]?.base;
  if (count === undefined || !base) {
    return undefined;
  }
  const unpacked = sumIfKnown(layers.slice(0, count).map((layer) => layer.bytes));
  return { name: base.name ?? plan.chain[0]!.stage.from.image?.text ?? '', layers: count, unpacked };
}

function stageInsight(planned: PlannedStage, plan: BuildPlan, own: readonly LayerInsight[]): StageInsight {
  const { stage, base } = planned;
  const measured = own.flatMap((insight) => [...(insight.layer ? [insight.layer] : []), ...triggerLayers(insight)]);
  const count = planned.steps.filter((step) => step.effect === 'layer').length;
  return {
    kind: 'stage',
    span: stage.from.span,
    certainty: 'predicted',
    lines: stage.from.lines,
    index: stage.index,
    name: stage.name?.text,
    base: { kind: base.kind, name: base.name ?? stage.from.image?.text ?? '' },
    built: planned.built,
    ships: planned.ships,
    target: planned === plan.target,
    layers: count,
    bytes: measured.length === count ? sumIfKnown(measured.map(({ layer }) => layer.bytes)) : undefined,
  };
}

function triggerLayers(insight: LayerInsight): readonly MeasuredLayer[] {
  return insight.onbuild.flatMap(({ layer }) => (layer ? [layer] : []));
}

function globalInsight(instruction: Instruction): LayerInsight {
  return layerInsight(instruction, {
    effect: 'none',
    stage: undefined,
    layer: undefined,
    onbuild: [],
    time: undefined,
  });
}

function stageInsights(planned: PlannedStage, known: Known): LayerInsight[] {
  const triggers = planned.steps.filter((step) => step.origin === 'onbuild');
  const onbuild = triggers.map((trigger) => triggerInsight(trigger, known));
  return planned.steps
    .filter((step) => step.origin === 'text')
    .map((step) =>
      layerInsight(step.instruction, {
        effect: step.effect,
        stage: planned,
        layer: measuredLayer(step, known),
        onbuild: step.instruction.keyword === 'FROM' ? onbuild : [],
        time: known.measured?.mapping.times.get(step),
      }),
    );
}

interface Told extends Pick<LayerInsight, 'effect' | 'layer' | 'onbuild' | 'time'> {
  readonly stage: PlannedStage | undefined;
}

function layerInsight(instruction: Instruction, { effect, stage, layer, onbuild, time }: Told): LayerInsight {
  return {
    kind: 'layer',
    span: instruction.span,
    keywordSpan: instruction.keywordSpan,
    certainty: layer?.certainty ?? 'predicted',
    lines: instruction.lines,
    keyword: instruction.keyword === 'UNKNOWN' ? instruction.word.toUpperCase() : instruction.keyword,
    stage: stage?.stage.index,
    effect,
    ships: stage?.ships,
    built: stage?.built,
    layer,
    onbuild,
    time,
  };
}

function triggerInsight(step: Step, known: Known): LayerInsight['onbuild'][number] {
  const [pattern] = createdBy(step.instruction, step.before, step.after);
  const text = (pattern && exactText(pattern)?.replace(/ # buildkit$/, '')) ?? step.instruction.keyword;
  return { text, effect: step.effect, layer: measuredLayer(step, known) };
}

function measuredLayer(step: Step, { measured }: Known): MeasuredLayer | undefined {
  const mapped = measured?.mapping.pairs.get(step);
  const layer = mapped && measured?.facts.image.layers[mapped.index];
  if (!measured || !mapped || !layer) {
    return undefined;
  }
  const historyIndex = measured.mapping.historyIndexes.get(step);
  const createdBy = historyIndex === undefined ? undefined : measured.facts.image.history[historyIndex]?.createdBy;
  return { index: mapped.index, historyIndex, createdBy, layer, proof: mapped.proof, certainty: mapped.certainty };
}

function problemInsight(problem: Dockerfile['problems'][number]): ProblemInsight {
  const { span, severity, kind, message } = problem;
  return { kind: 'problem', span, certainty: 'predicted', severity, of: kind, message };
}

function sumIfKnown(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) {
      return undefined;
    }
    sum += value;
  }
  return sum;
}
