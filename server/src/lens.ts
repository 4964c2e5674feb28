/** The whole product in one function. */
import { planBuild, type BuildOptions } from './build/plan.ts';
import type { BuildRecord } from './build/record.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import type { BaseImage, ImageFacts } from './image/image.ts';
import { collectInsights } from './insights/collect.ts';
import type { Insight, Level } from './insights/insight.ts';
import { mapLayers } from './mapping/map-layers.ts';

/** Everything known about a Dockerfile besides its text, gathered before the call. */
export interface Evidence {
  /** By the name as FROM has it, expanded. */
  readonly bases: ReadonlyMap<string, BaseImage>;
  readonly image: ImageFacts | undefined;
  /** The build that left `image`. */
  readonly record: BuildRecord | undefined;
  /** The text that `image` is known to have been built from, where that is not `record.text`: the text at the last exact match. */
  readonly builtText: string | undefined;
}

export interface InsightConfig {
  readonly build: BuildOptions;
  /** Rule name to level; missing: the rule's own. */
  readonly levels: ReadonlyMap<string, Level | 'off'>;
  readonly largeLayerBytes: number;
}

/** A Dockerfile and what we know of its last build, in; insights in the order of the text, out. Pure and total. */
export function lens(text: string, evidence: Evidence, config: InsightConfig): Insight[] {
  const dockerfile = parseDockerfile(text);
  const { image: facts, bases } = evidence;
  const mapping = facts && mapLayers(dockerfile, config.build, { ...evidence, image: facts.image });
  const measured = facts && mapping && { facts, mapping, record: evidence.record };
  const told = mapping?.kind === 'exact' || mapping?.kind === 'edited';
  const plan = told ? mapping.plan : planBuild(dockerfile, bases, config.build);
  return collectInsights({ dockerfile, plan, measured }, config.levels, config);
}
