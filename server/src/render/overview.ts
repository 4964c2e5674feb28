/** A document's insights sorted by kind, so that one line's words can tell about its stage and its image. */
import type { Layer } from '../image/image.ts';
import type {
  Finding,
  ImageInsight,
  Insight,
  LayerInsight,
  MeasuredLayer,
  ProblemInsight,
  StageInsight,
} from '../insights/insight.ts';

export interface Overview {
  readonly image: ImageInsight | undefined;
  /** By index. */
  readonly stages: ReadonlyMap<number, StageInsight>;
  readonly target: StageInsight | undefined;
  /** Every instruction in the order of the text. */
  readonly layers: readonly LayerInsight[];
  readonly findings: readonly Finding[];
  readonly problems: readonly ProblemInsight[];
}

export function overview(insights: readonly Insight[]): Overview {
  const stages = insights.filter((insight) => insight.kind === 'stage');
  return {
    image: insights.find((insight) => insight.kind === 'image'),
    stages: new Map(stages.map((stage) => [stage.index, stage])),
    target: stages.find((stage) => stage.target),
    layers: insights.filter((insight) => insight.kind === 'layer'),
    findings: insights.filter((insight) => insight.kind === 'finding'),
    problems: insights.filter((insight) => insight.kind === 'problem'),
  };
}

/** The stage an instruction stands in; undefined before the first FROM. */
export function stageOf(layer: LayerInsight, all: Overview): StageInsight | undefined {
  return layer.stage === undefined ? undefined : all.stages.get(layer.stage);
}

/** Every layer that was found for an instruction: its own, or those of the triggers that ran at this FROM. */
export function measuredLayers(layer: LayerInsight): readonly MeasuredLayer[] {
  return [layer.layer, ...layer.onbuild.map((trigger) => trigger.layer)].filter((measured) => measured !== undefined);
}

/** The diff id of a tar without entries: 1,024 zero bytes. */
const emptyTar = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';

/** Whether a layer changes nothing. Its diff id or its size can tell before its contents were read; undefined: nothing told yet. */
export function changesNothing(layer: Layer): boolean | undefined {
  if (layer.contents) {
    return layer.contents.emptyDiff;
  }
  if (layer.diffId === emptyTar) {
    return true;
  }
  return layer.bytes !== undefined && layer.bytes > 0 ? false : undefined;
}
