/** Steps of a plan against BuildKit's own record of the build, which knows the lines of every step and its layers. */
import type { BuildPlan, Step } from '../build/plan.ts';
import type { BuildRecord, RecordedStep } from '../build/record.ts';
import type { DiffId, Image } from '../image/image.ts';
import type { StepTime } from './mapping.ts';

/** Position of the layer of each step that ships, where the record tells it. `plan` is of the recorded text. */
export function layersInRecord(plan: BuildPlan, record: BuildRecord, image: Image): ReadonlyMap<Step, number> {
  const found = new Map<Step, number>();
  for (const stage of plan.chain) {
    for (const steps of groupsByAnchor(stage.steps.filter((step) => step.effect === 'layer'))) {
      const positions = positionsAt(recordedAt(record, steps[0]!), image);
      if (positions.length === steps.length) {
        steps.forEach((step, at) => found.set(step, positions[at]!));
      }
    }
  }
  return found;
}

/** Time and cache verdict of every step that has lines of its own, shipping or not. */
export function timesInRecord(plan: BuildPlan, record: BuildRecord): ReadonlyMap<Step, StepTime> {
  const times = new Map<Step, StepTime>();
  for (const step of plan.stages.flatMap((stage) => stage.steps)) {
    const wanted = vertexKind(step);
    const matching = recordedAt(record, step).filter(({ kind }) => kind === wanted);
    const [only] = matching;
    // Triggers share the line of their FROM: which vertex is whose is not told.
    const unambiguous = matching.length === 1 && step.origin === 'text';
    if (unambiguous && only?.milliseconds !== undefined && only.cached !== undefined) {
      times.set(step, { milliseconds: only.milliseconds, cached: only.cached });
    }
  }
  return times;
}

function vertexKind(step: Step): RecordedStep['kind'] | undefined {
  switch (step.instruction.keyword) {
    case 'FROM':
      return 'source';
    case 'RUN':
      return 'exec';
    case 'COPY':
    case 'ADD':
    case 'WORKDIR':
      return 'file';
    default:
      return undefined;
  }
}

/** Triggers of a base run at one FROM and share its lines; every other step is alone. */
function groupsByAnchor(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups = new Map<object, Step[]>();
  for (const step of steps) {
    groups.set(step.anchor, [...(groups.get(step.anchor) ?? []), step]);
  }
  return [...groups.values()];
}

function recordedAt(record: BuildRecord, step: Step): readonly RecordedStep[] {
  const { start, end } = step.anchor.lines;
  return record.steps.filter((one) => one.locations.some((lines) => lines.start === start && lines.end === end));
}

/** A step's layers are listed from the base up; its own is the last, and its place in the image is their number. */
function positionsAt(steps: readonly RecordedStep[], image: Image): readonly number[] {
  const positions = steps
    .filter(({ kind, diffIds }) => kind !== 'source' && diffIds.length > 0 && isBottomOf(diffIds, image))
    .map(({ diffIds }) => diffIds.length - 1);
  return [...new Set(positions)].toSorted((a, b) => a - b);
}

function isBottomOf(diffIds: readonly DiffId[], image: Image): boolean {
  return diffIds.length <= image.layers.length && diffIds.every((diffId, at) => image.layers[at]!.diffId === diffId);
}
