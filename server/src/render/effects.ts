/** What an instruction does to the image, in one sentence. */
import type { LayerInsight, StageInsight } from '../insights/insight.ts';
import { stageName } from './labels.ts';
import { code, escape } from './markdown-text.ts';
import { shortName } from './phrases.ts';

/** Markdown. */
export function effectSentence(layer: LayerInsight, stage: StageInsight | undefined): string {
  if (layer.stage === undefined && layer.keyword !== 'ARG') {
    return 'stands before the first FROM, where only ARG may stand.';
  }
  switch (layer.keyword) {
    case 'FROM':
      return stage ? fromSentence(stage) : 'starts a stage.';
    case 'RUN':
      return 'runs a command and keeps the files it changed as a layer.';
    case 'COPY':
    case 'ADD':
      return 'puts files into a layer of their own.';
    case 'WORKDIR':
      return layer.effect === 'layer'
        ? 'sets the working directory and makes a layer, even where the directory exists.'
        : 'sets the working directory; no layer.';
    case 'ARG':
      return layer.stage === undefined
        ? 'declares a build argument for FROM lines; nothing enters the image.'
        : 'declares a build argument; no layer, no bytes.';
    case 'ONBUILD':
      return 'is kept for builds that stand on this image; nothing happens in this one.';
    default:
      return layer.effect === 'metadata'
        ? "changes the image's configuration; no layer, no bytes."
        : 'is no instruction that BuildKit knows.';
  }
}

/** Whether it reaches the image; empty where that goes without saying. */
export function whereItEnds(layer: LayerInsight, stage: StageInsight | undefined): string {
  if (layer.built === false) {
    return `Not built: the target does not need ${escape(stageName(stage))}.`;
  }
  if (layer.ships === false) {
    return `Left behind: ${escape(stageName(stage))} is not part of the image.`;
  }
  return '';
}

function fromSentence(stage: StageInsight): string {
  switch (stage.base.kind) {
    case 'image':
      return `starts ${escape(stageName(stage))} on the image ${code(shortName(stage.base.name))}.`;
    case 'stage':
      return `starts ${escape(stageName(stage))} on what stage ${code(stage.base.name)} left.`;
    case 'scratch':
      return `starts ${escape(stageName(stage))} from nothing.`;
  }
}
