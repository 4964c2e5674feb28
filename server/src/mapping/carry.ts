/** Numbers follow their lines: what was mapped to the steps of the built text, told of the steps of today's. */
import type { BuildPlan, Step } from '../build/plan.ts';
import { align } from './align.ts';
import type { LayerMapping, MappedLayer, StepTime } from './mapping.ts';

/** `mapping` speaks of the plan of the text that was built; the result of `plan`. */
export function carryOver(mapping: LayerMapping, plan: BuildPlan): LayerMapping {
  const oldSteps = stepsOf(mapping.plan);
  const newSteps = stepsOf(plan);
  const { same, changed } = align(
    oldSteps.map(textOf),
    newSteps.map(textOf),
    oldSteps.map(kindOf),
    newSteps.map(kindOf),
  );
  const pairs = new Map<Step, MappedLayer>();
  const times = new Map<Step, StepTime>();
  const historyIndexes = new Map<Step, number>();
  for (const [newAt, oldAt] of same) {
    const [before, now] = [oldSteps[oldAt]!, newSteps[newAt]!];
    setIfPresent(pairs, now, mapping.pairs.get(before));
    setIfPresent(times, now, mapping.times.get(before));
    setIfPresent(historyIndexes, now, mapping.historyIndexes.get(before));
  }
  for (const [newAt, oldAt] of changed) {
    const layer = mapping.pairs.get(oldSteps[oldAt]!);
    setIfPresent(pairs, newSteps[newAt]!, layer && { ...layer, proof: 'order', certainty: 'stale' });
  }
  const unchanged = same.size === newSteps.length && same.size === oldSteps.length;
  if (unchanged) {
    return { ...mapping, plan, pairs, times, historyIndexes };
  }
  const differing = Math.max(newSteps.length, oldSteps.length) - same.size;
  return {
    ...mapping,
    kind: mapping.kind === 'exact' ? 'edited' : mapping.kind,
    plan,
    pairs,
    times,
    historyIndexes,
    reason: mapping.kind === 'exact' ? { kind: 'text-changed', changed: differing } : mapping.reason,
  };
}

function stepsOf(plan: BuildPlan): readonly Step[] {
  return plan.stages.flatMap((stage) => stage.steps);
}

/** What BuildKit makes of the step, as far as it stands in the text: comments, blanks and line breaks do not count. */
function textOf({ instruction, origin }: Step): string {
  return JSON.stringify([
    origin,
    instruction.keyword,
    instruction.json,
    instruction.flags.map((flag) => flag.text),
    instruction.args.map((word) => word.text),
    instruction.heredocs.map((heredoc) => [heredoc.name, heredoc.expand, heredoc.chomp, heredoc.content]),
  ]);
}

function kindOf({ instruction, origin }: Step): string {
  return `${origin} ${instruction.keyword}`;
}

function setIfPresent<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): void {
  if (value !== undefined) {
    map.set(key, value);
  }
}
