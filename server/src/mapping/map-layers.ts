/** Layers of an image to the lines that made them; never a guess: what is not proven is left out, with the reason. */
import { planBuild, type BuildOptions, type BuildPlan, type Step } from '../build/plan.ts';
import type { BuildRecord } from '../build/record.ts';
import type { Dockerfile } from '../dockerfile/dockerfile.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { BaseImage, Image } from '../image/image.ts';
import { argumentsInHistory } from './arguments.ts';
import { carryOver } from './carry.ts';
import { expectedEntries, matchHistory, type HistoryMatch } from './history.ts';
import type { LayerMapping, MappedLayer, MappingReason, StepTime } from './mapping.ts';
import { layersInRecord, timesInRecord } from './provenance.ts';

export interface MappingEvidence {
  readonly bases: ReadonlyMap<string, BaseImage>;
  readonly image: Image;
  readonly record: BuildRecord | undefined;
  /** The text the image was built from, where that is known and not in `record`. */
  readonly builtText: string | undefined;
}

export function mapLayers(dockerfile: Dockerfile, options: BuildOptions, evidence: MappingEvidence): LayerMapping {
  const builtText = evidence.record?.text ?? evidence.builtText;
  if (builtText === undefined || builtText === dockerfile.text) {
    return mapBuilt(dockerfile, buildOptions(options, evidence), evidence);
  }
  const mapped = mapBuilt(parseDockerfile(builtText), buildOptions(options, evidence), evidence);
  const carried = carryOver(mapped, planBuild(dockerfile, usableBases(evidence), mapped.plan.options));
  if (evidence.record || mapped.kind === 'exact') {
    return carried;
  }
  // A remembered text that does not explain the image helps nobody; today's may.
  const direct = mapBuilt(dockerfile, buildOptions(options, evidence), evidence);
  return direct.pairs.size > carried.pairs.size ? direct : carried;
}

/** The build's own record knows best what it was given; a target that somebody asks for is another question. */
function buildOptions(options: BuildOptions, { record, image }: MappingEvidence): BuildOptions {
  const platform = record?.platform ?? options.platform ?? image.platform;
  const target = options.target ?? record?.target;
  return { target, buildArgs: record?.buildArgs ?? options.buildArgs, platform };
}

/** Only images that lie below this one tell what it was built on; a tag may have moved since. */
function usableBases({ bases, image }: MappingEvidence): ReadonlyMap<string, BaseImage> {
  return new Map(
    [...bases].filter(([, base]) => base.diffIds.every((diffId, at) => image.layers[at]?.diffId === diffId)),
  );
}

function mapBuilt(dockerfile: Dockerfile, options: BuildOptions, evidence: MappingEvidence): LayerMapping {
  const attempt = attemptWith(dockerfile, options, evidence);
  if (attempt.match?.complete) {
    return conclude(attempt, evidence, undefined);
  }
  const learned = learnedArguments(attempt, evidence.image);
  if (learned.size > 0) {
    const buildArgs = new Map([...options.buildArgs, ...learned]);
    const second = attemptWith(dockerfile, { ...options, buildArgs }, evidence);
    if (second.match?.complete) {
      return conclude(second, evidence, { kind: 'built-with', args: learned });
    }
    if (second.match && attempt.match && second.match.same.size > attempt.match.same.size) {
      return conclude(second, evidence, undefined);
    }
  }
  return conclude(attempt, evidence, undefined);
}

interface Attempt {
  readonly plan: BuildPlan;
  readonly base: BaseImage | undefined;
  /** Undefined where the image has no history to match. */
  readonly match: HistoryMatch | undefined;
  readonly expected: number;
}

function attemptWith(dockerfile: Dockerfile, options: BuildOptions, evidence: MappingEvidence): Attempt {
  const plan = planBuild(dockerfile, usableBases(evidence), options);
  const base = baseOf(plan, usableBases(evidence));
  const expected = expectedEntries(plan);
  const match = historyIsWhole(evidence.image) ? matchHistory(expected, evidence.image, base) : undefined;
  return { plan, base, match, expected: expected.length };
}

const scratch: BaseImage = {
  diffIds: [],
  config: { env: [], workingDir: '', user: '', shell: undefined, onBuild: [] },
  history: [],
};

function baseOf(plan: BuildPlan, bases: ReadonlyMap<string, BaseImage>): BaseImage | undefined {
  const bottom = plan.chain[0]?.base;
  if (bottom?.kind === 'scratch') {
    return scratch;
  }
  return bottom?.kind === 'image' && bottom.name !== undefined ? bases.get(bottom.name) : undefined;
}

function historyIsWhole(image: Image): boolean {
  return image.history.length > 0 && image.history.filter((entry) => !entry.emptyLayer).length === image.layers.length;
}

function learnedArguments({ plan }: Attempt, image: Image): ReadonlyMap<string, string> {
  const found = argumentsInHistory(expectedEntries(plan), image);
  const stated = new Map(plan.chain.flatMap((stage) => stage.steps).flatMap((step) => [...step.after.argValues]));
  return new Map([...found].filter(([name, value]) => stated.get(name) !== value));
}

function conclude(attempt: Attempt, evidence: MappingEvidence, note: MappingReason | undefined): LayerMapping {
  const { plan, match } = attempt;
  const { image, record } = evidence;
  const recorded = record ? layersInRecord(plan, record, image) : new Map<Step, number>();
  const times = record ? timesInRecord(plan, record) : new Map<Step, StepTime>();
  const common = { plan, times };
  if (!plan.target) {
    return { ...common, ...nothing, kind: 'unknown', reason: { kind: 'no-target', name: plan.options.target } };
  }
  const layerSteps = plan.chain.flatMap((stage) => stage.steps).filter((step) => step.effect === 'layer');
  if (layerSteps.length > 0 && layerSteps.every((step) => recorded.has(step))) {
    return { ...common, ...byRecord(layerSteps, recorded, match, image), kind: 'exact', reason: undefined };
  }
  if (!match) {
    return { ...common, ...nothing, kind: 'unknown', reason: withoutHistory(image, layerSteps.length) };
  }
  const pairs = byHistory(match, recorded, image);
  const baseLayers = match.firstOwn === undefined ? undefined : layersBelow(image, match.firstOwn);
  if (match.complete) {
    return { ...common, kind: 'exact', pairs, historyIndexes: match.same, baseLayers, reason: note };
  }
  const agreeing = layerSteps.filter((step) => match.same.has(step)).length;
  const reason = whyNotExact(plan, evidence, agreeing, layerSteps.length);
  // Unrelated files share lines like `COPY . .`: unless most layers agree, none is told.
  if (agreeing * 2 <= layerSteps.length) {
    return { ...common, ...nothing, kind: agreeing === 0 ? 'not-this-file' : 'unknown', reason };
  }
  return { ...common, kind: 'edited', pairs, historyIndexes: match.same, baseLayers, reason };
}

const nothing = { pairs: new Map<Step, MappedLayer>(), historyIndexes: new Map<Step, number>(), baseLayers: undefined };

function byRecord(
  steps: readonly Step[],
  recorded: ReadonlyMap<Step, number>,
  match: HistoryMatch | undefined,
  image: Image,
): Pick<LayerMapping, 'pairs' | 'historyIndexes' | 'baseLayers'> {
  const pairs = new Map(steps.map((step): [Step, MappedLayer] => [step, measured(recorded.get(step)!, 'provenance')]));
  const entries = historyIsWhole(image) ? image.history.flatMap((entry, at) => (entry.emptyLayer ? [] : [at])) : [];
  const historyIndexes = new Map(match?.complete ? match.same : []);
  for (const [step, index] of recorded) {
    const entry = entries[index];
    if (entry !== undefined) {
      historyIndexes.set(step, entry);
    }
  }
  return { pairs, historyIndexes, baseLayers: Math.min(...steps.map((step) => recorded.get(step)!)) };
}

function byHistory(
  match: HistoryMatch,
  recorded: ReadonlyMap<Step, number>,
  image: Image,
): ReadonlyMap<Step, MappedLayer> {
  const pairs = new Map<Step, MappedLayer>();
  for (const [step, entry] of match.same) {
    if (!image.history[entry]!.emptyLayer) {
      const index = layersBelow(image, entry);
      pairs.set(step, measured(index, recorded.get(step) === index ? 'provenance' : 'history'));
    }
  }
  for (const [step, entry] of match.changed) {
    if (!image.history[entry]!.emptyLayer) {
      pairs.set(step, { index: layersBelow(image, entry), proof: 'order', certainty: 'stale' });
    }
  }
  return pairs;
}

function measured(index: number, proof: 'provenance' | 'history'): MappedLayer {
  return { index, proof, certainty: 'measured' };
}

function layersBelow(image: Image, historyIndex: number): number {
  return image.history.slice(0, historyIndex).filter((entry) => !entry.emptyLayer).length;
}

function withoutHistory(image: Image, expected: number): MappingReason {
  return image.layers.length < expected
    ? { kind: 'fewer-layers', expected, found: image.layers.length }
    : { kind: 'no-history' };
}

function whyNotExact(plan: BuildPlan, { bases, image }: MappingEvidence, matched: number, of: number): MappingReason {
  const bottom = plan.chain[0]?.base;
  const name = bottom?.kind === 'image' ? bottom.name : undefined;
  const base = name === undefined ? undefined : bases.get(name);
  if (name !== undefined && base && !usableBases({ bases, image, record: undefined, builtText: undefined }).has(name)) {
    return { kind: 'base-differs', name };
  }
  return image.layers.length < of
    ? { kind: 'fewer-layers', expected: of, found: image.layers.length }
    : { kind: 'history-differs', matched, of };
}
