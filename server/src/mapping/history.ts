/** Steps of a plan against the history that an image carries: the proof that needs no build record. */
import { createdBy, exactText, matchesPattern, type Pattern } from '../build/created-by.ts';
import type { BuildPlan, Step } from '../build/plan.ts';
import type { BaseImage, HistoryEntry, Image } from '../image/image.ts';
import { align } from './align.ts';

/** A step that leaves a history entry, and how that entry may read. */
export interface Expected {
  readonly step: Step;
  readonly patterns: readonly Pattern[];
}

export interface HistoryMatch {
  readonly complete: boolean;
  /** Step to position in the history. */
  readonly same: ReadonlyMap<Step, number>;
  /** Changed in place since. */
  readonly changed: ReadonlyMap<Step, number>;
  /** First entry that is not the base's; undefined where that is not known. */
  readonly firstOwn: number | undefined;
}

/** Every entry the target's own instructions leave, from the bottom stage up. */
export function expectedEntries(plan: BuildPlan): Expected[] {
  return plan.chain
    .flatMap((stage) => stage.steps)
    .map((step) => ({ step, patterns: createdBy(step.instruction, step.before, step.after) }))
    .filter(({ patterns }) => patterns.length > 0);
}

/** `base`: the image below, where it was read and is in fact below this one. */
export function matchHistory(expected: readonly Expected[], image: Image, base: BaseImage | undefined): HistoryMatch {
  const firstOwn = image.history.length - expected.length;
  const baseEnds = base?.history?.length;
  const whole =
    firstOwn >= 0 && (baseEnds === undefined || baseEnds === firstOwn) && reachesBase(image, base, firstOwn);
  if (whole && expected.every((one, at) => agrees(one, image.history[firstOwn + at]!))) {
    const same = new Map(expected.map(({ step }, at) => [step, firstOwn + at]));
    return { complete: true, same, changed: new Map(), firstOwn };
  }
  return baseEnds === undefined ? sameOffset(expected, image.history) : aligned(expected, image.history, baseEnds);
}

/** True unless it is known that another entry is the first own one: as many layers as the base has must lie below. */
function reachesBase(image: Image, base: BaseImage | undefined, firstOwn: number): boolean {
  const below = image.history.slice(0, firstOwn).filter((entry) => !entry.emptyLayer).length;
  return base === undefined || below === base.diffIds.length;
}

function agrees({ step, patterns }: Expected, entry: HistoryEntry): boolean {
  return (
    (step.effect === 'layer') !== entry.emptyLayer &&
    patterns.some((pattern) => matchesPattern(pattern, entry.createdBy))
  );
}

/**
 * Without the base nobody knows where its entries end. What is told are the entries that agree from the end on without a gap,
 * and those at the very place where they would be had lines only been changed, not added or removed.
 */
function sameOffset(expected: readonly Expected[], history: readonly HistoryEntry[]): HistoryMatch {
  const offset = history.length - expected.length;
  const same = new Map<Step, number>();
  const changed = new Map<Step, number>();
  let tail = expected.length;
  while (tail > 0 && offset + tail > 0 && agrees(expected[tail - 1]!, history[offset + tail - 1]!)) {
    tail--;
    same.set(expected[tail]!.step, offset + tail);
  }
  const inPlace =
    offset >= 0 && tail > 0 && expected.slice(0, tail).every((one, at) => sameKind(one, history[offset + at]!));
  for (const [at, one] of inPlace ? expected.slice(0, tail).entries() : []) {
    (agrees(one, history[offset + at]!) ? same : changed).set(one.step, offset + at);
  }
  return { complete: false, same, changed, firstOwn: inPlace ? offset : undefined };
}

function sameKind({ step }: Expected, entry: HistoryEntry): boolean {
  return kindOf(step) === kindOfEntry(entry);
}

function kindOf(step: Step): string {
  return `${step.instruction.keyword} ${step.effect === 'layer'}`;
}

function kindOfEntry(entry: HistoryEntry): string {
  return `${/^[A-Z]+(?= )/.exec(entry.createdBy)?.[0]} ${!entry.emptyLayer}`;
}

function aligned(expected: readonly Expected[], history: readonly HistoryEntry[], firstOwn: number): HistoryMatch {
  const own = history.slice(firstOwn);
  // Patterns with gaps are turned into the text they match, so that equal things have equal keys.
  const entryKeys = own.map((entry) => `${kindOfEntry(entry)}\n${entry.createdBy}`);
  const expectedKeys = expected.map((one) => keyOf(one, own));
  const { same, changed } = align(
    entryKeys,
    expectedKeys,
    own.map(kindOfEntry),
    expected.map(({ step }) => kindOf(step)),
  );
  const toSteps = (pairs: ReadonlyMap<number, number>): Map<Step, number> =>
    new Map([...pairs].map(([at, entry]) => [expected[at]!.step, firstOwn + entry]));
  return { complete: false, same: toSteps(same), changed: toSteps(changed), firstOwn };
}

function keyOf(expected: Expected, own: readonly HistoryEntry[]): string {
  const texts = new Set(own.filter((entry) => agrees(expected, entry)).map((entry) => entry.createdBy));
  const [only] = texts;
  // A gap that fits different entries proves nothing.
  return texts.size === 1 ? `${kindOf(expected.step)}\n${only}` : `unmatched\n${exactText(expected.patterns[0]!)}`;
}
