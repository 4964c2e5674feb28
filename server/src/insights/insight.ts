/**
 * The one model between what we know and what anybody sees: spans and numbers, never sentences.
 * Every surface (lens, hint, hover, diagnostic, text, JSON) is a function of these.
 */
import type { Span, Edit } from '../text/span.ts';
import type { LineRange } from '../text/lines.ts';
import type { Digest, Layer, Platform } from '../image/image.ts';
import type { Effect } from '../build/plan.ts';
import type { MappingReason, Proof } from '../mapping/mapping.ts';

/** `measured`: read from an image that was built from these lines. `stale`: from a build of an older text. `predicted`: from the text alone. */
export type Certainty = 'measured' | 'predicted' | 'stale';

export type { Effect, MappingReason, Proof };

/** The image that was measured. At most one; it stands on the FROM of the target. */
export interface ImageInsight {
  readonly kind: 'image';
  readonly span: Span;
  readonly certainty: Certainty;
  readonly source: string;
  /** The build that left it, where its record is known. */
  readonly build: { readonly completedAt: string | undefined } | undefined;
  readonly id: Digest;
  readonly platform: Platform;
  readonly created: string | undefined;
  readonly matches: 'exact' | 'edited' | 'not-this-file' | 'unknown';
  /** Why it is not exact, and what could not be told. */
  readonly reason: MappingReason | undefined;
  /** `unpacked` is undefined while a layer is unread, `net` while any layer's contents are. */
  readonly bytes: {
    readonly unpacked: number | undefined;
    readonly stored: number | undefined;
    readonly net: number | undefined;
  };
  /** Layers below the first own one; undefined where base and own could not be told apart. */
  readonly base: { readonly name: string; readonly layers: number; readonly unpacked: number | undefined } | undefined;
  /** Of the whole image. */
  readonly layers: number;
}

export interface StageInsight {
  readonly kind: 'stage';
  readonly span: Span;
  readonly certainty: Certainty;
  readonly lines: LineRange;
  readonly index: number;
  readonly name: string | undefined;
  readonly base: { readonly kind: 'image' | 'stage' | 'scratch'; readonly name: string };
  readonly built: boolean;
  readonly ships: boolean;
  readonly target: boolean;
  /** Layers this stage's own instructions make. */
  readonly layers: number;
  /** Sum of this stage's own measured layers; undefined unless all of them are known. */
  readonly bytes: number | undefined;
}

/** One per instruction of a stage, FROM included, in the order of the text; global ARGs too. */
export interface LayerInsight {
  readonly kind: 'layer';
  readonly span: Span;
  readonly keywordSpan: Span;
  readonly certainty: Certainty;
  readonly lines: LineRange;
  readonly keyword: string;
  /** Undefined before the first FROM, as are ships and built. */
  readonly stage: number | undefined;
  readonly effect: Effect;
  readonly ships: boolean | undefined;
  readonly built: boolean | undefined;
  /** Undefined: made none, or not in the image, or not known. */
  readonly layer: MeasuredLayer | undefined;
  /** Triggers of the base that run at this FROM, each with the layer it left, in order. */
  readonly onbuild: readonly {
    readonly text: string;
    readonly effect: Effect;
    readonly layer: MeasuredLayer | undefined;
  }[];
  readonly time: { readonly milliseconds: number; readonly cached: boolean } | undefined;
}

export interface MeasuredLayer {
  /** Position in the image, 0 is the bottom. */
  readonly index: number;
  readonly historyIndex: number | undefined;
  readonly createdBy: string | undefined;
  readonly layer: Layer;
  readonly proof: Proof;
  readonly certainty: 'measured' | 'stale';
}

export type Level = 'error' | 'warning' | 'info' | 'hint';

/** A sentence whose numbers are still numbers; `render/` writes them out. */
export type Message = readonly (string | { readonly bytes: number })[];

/** What a rule found. Message and fixes come from the rule, together. */
export interface Finding {
  readonly kind: 'finding';
  readonly rule: string;
  readonly level: Level;
  readonly span: Span;
  readonly certainty: Certainty;
  readonly message: Message;
  readonly saves: { readonly bytes: number | undefined; readonly milliseconds: number | undefined } | undefined;
  readonly related: readonly { readonly span: Span; readonly message: Message }[];
  readonly fixes: readonly Fix[];
}

export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

/** `evidence`: something we wanted to know could not be read. */
export interface ProblemInsight {
  readonly kind: 'problem';
  readonly span: Span;
  readonly certainty: 'predicted';
  readonly severity: 'error' | 'warning';
  readonly of: 'parse' | 'build' | 'evidence';
  readonly message: string;
}

export type Insight = ImageInsight | StageInsight | LayerInsight | Finding | ProblemInsight;
