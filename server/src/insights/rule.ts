/** What a rule is: one file with its documentation, its examples, its check and its fixes. */
import type { BuildPlan } from '../build/plan.ts';
import type { Dockerfile } from '../dockerfile/dockerfile.ts';
import type { Span } from '../text/span.ts';
import type { Certainty, Fix, LayerInsight, Level, Message } from './insight.ts';

/** What a rule may read, and so what it costs and when it can speak. */
export type Need = keyof RuleInputs;

interface RuleInputs {
  /** The Dockerfile and the plan of its build: on every keystroke. */
  readonly text: TextInput;
  /** Also measured layers: once an image of this text was read. */
  readonly image: TextInput & { readonly layers: readonly LayerInsight[] };
}

interface TextInput {
  readonly dockerfile: Dockerfile;
  readonly plan: BuildPlan;
  readonly settings: RuleSettings;
}

export interface RuleSettings {
  readonly largeLayerBytes: number;
}

export interface Report {
  readonly at: Span;
  readonly message: Message;
  readonly certainty?: Certainty;
  readonly saves?: { readonly bytes: number | undefined; readonly milliseconds: number | undefined };
  readonly related?: readonly { readonly span: Span; readonly message: Message }[];
  readonly fixes?: readonly Fix[];
}

/** Run as a test and printed in the documentation. `«»` marks what is reported; without marks nothing may be. */
export interface Example {
  readonly title: string;
  readonly before: string;
  /** What the first fix makes of it. */
  readonly after?: string;
  /** Bytes of the layers of an image built from `before`, bottom first, on a base without layers. */
  readonly layers?: readonly number[];
}

export interface Rule<N extends Need = Need> {
  /** Also the file's name, the setting, the word on the command line and the anchor in the documentation. */
  readonly name: string;
  readonly needs: N;
  readonly level: Level;
  readonly summary: string;
  readonly why: string;
  readonly examples: readonly Example[];
  check(input: RuleInputs[N]): Iterable<Report>;
}

/** `needs` types what `check` may read: reading more does not compile. */
export function defineRule<N extends Need>(rule: Rule<N>): Rule<N> {
  return rule;
}

/** A sentence with numbers in it: message`This layer is ${{ bytes }}.` */
export function message(texts: TemplateStringsArray, ...values: readonly Message[number][]): Message {
  return texts.flatMap((text, at) => (at < values.length ? [text, values[at]!] : [text])).filter((part) => part !== '');
}
