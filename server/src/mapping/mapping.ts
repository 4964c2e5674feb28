/** Which layer belongs to which step, and how that is known. */
import type { BuildPlan, Step } from '../build/plan.ts';

/** How a layer came to its step: told by the build itself, by the image's history text, or by position between lines that were. */
export type Proof = 'provenance' | 'history' | 'order';

export interface LayerMapping {
  /** `exact`: built from this text. `edited`: from an older form of it. `not-this-file`: too little agrees to tell anything. */
  readonly kind: 'exact' | 'edited' | 'not-this-file' | 'unknown';
  /** The plan that the pairs speak of: with the arguments that the build was given. */
  readonly plan: BuildPlan;
  readonly pairs: ReadonlyMap<Step, MappedLayer>;
  /** Position in the image's history, for steps without a layer too. */
  readonly historyIndexes: ReadonlyMap<Step, number>;
  /** How many layers at the bottom are the base's; undefined where base and own could not be told apart. */
  readonly baseLayers: number | undefined;
  readonly times: ReadonlyMap<Step, StepTime>;
  readonly reason: MappingReason | undefined;
}

export interface MappedLayer {
  /** Position in the image, 0 is the bottom. */
  readonly index: number;
  readonly proof: Proof;
  /** `stale`: the line was changed since. */
  readonly certainty: 'measured' | 'stale';
}

export interface StepTime {
  readonly milliseconds: number;
  readonly cached: boolean;
}

/** Values, so that only `render/` makes sentences of them. */
export type MappingReason =
  | { readonly kind: 'text-changed'; readonly changed: number }
  | { readonly kind: 'history-differs'; readonly matched: number; readonly of: number }
  | { readonly kind: 'base-differs'; readonly name: string }
  | { readonly kind: 'fewer-layers'; readonly expected: number; readonly found: number }
  /** Exact, if the build was given these arguments; nobody told us, the history says so. */
  | { readonly kind: 'built-with'; readonly args: ReadonlyMap<string, string> }
  | { readonly kind: 'no-history' }
  | { readonly kind: 'no-target'; readonly name: string | undefined };
