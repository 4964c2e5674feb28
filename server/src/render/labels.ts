/** Short words for one line of an editor: lens title, inlay hint, status bar. Nothing where nothing is worth saying. */
import type { ImageInsight, LayerInsight, MeasuredLayer, StageInsight } from '../insights/insight.ts';
import { changesNothing, measuredLayers, stageOf, type Overview } from './overview.ts';
import { count, dateTime, matches, reason, shortName, shortSource, size } from './phrases.ts';

/** The title above an instruction that makes a layer, and above each FROM; undefined for every other instruction. */
export function lensTitle(layer: LayerInsight, all: Overview): string | undefined {
  const stage = stageOf(layer, all);
  if (layer.keyword === 'FROM') {
    return (
      stage && joined([stage.target ? targetTitle(stage, all.image) : stageTitle(stage, all), onbuildTitle(layer)])
    );
  }
  if (layer.effect !== 'layer') {
    return undefined;
  }
  if (layer.built === false) {
    return 'not built';
  }
  return joined([
    layer.layer ? layerTitle(layer.layer) : undefined,
    layer.ships === false ? `left behind in ${stageName(stage)}` : undefined,
    !layer.layer && layer.ships !== false ? missingTitle(all.image) : undefined,
  ]);
}

/** At the end of the line, for those who prefer it to lenses: the number alone. */
export function hintText(layer: LayerInsight, all: Overview): string | undefined {
  const stage = stageOf(layer, all);
  if (layer.keyword === 'FROM') {
    return stage && stageHint(stage, all.image);
  }
  if (layer.effect !== 'layer') {
    return undefined;
  }
  if (layer.built === false) {
    return 'not built';
  }
  const bytes = layer.layer?.layer.bytes;
  if (layer.layer && bytes !== undefined) {
    return layer.layer.certainty === 'stale' ? `${size(bytes)} before your edit` : size(bytes);
  }
  return layer.ships === false ? 'left behind' : 'layer';
}

/** For a status bar. */
export function statusText(all: Overview): string {
  const { image } = all;
  if (!image) {
    return 'not measured';
  }
  if (image.matches === 'not-this-file') {
    return 'other image';
  }
  const total = image.bytes.unpacked === undefined ? 'sizes not read' : size(image.bytes.unpacked);
  return image.matches === 'edited' ? `${total} · edited` : total;
}

/** What one layer weighs: `61.2 MB · 812 files`, `0 B · changes nothing`, `61.2 MB before your edit`. */
export function layerTitle(measured: MeasuredLayer): string {
  const { layer } = measured;
  const bytes = layer.bytes === undefined ? 'layer · size not read' : size(layer.bytes);
  if (measured.certainty === 'stale') {
    return `${bytes} before your edit`;
  }
  if (changesNothing(layer) === true) {
    return `${bytes} · changes nothing`;
  }
  return joined([bytes, contentsTitle(measured)]);
}

export function stageName(stage: StageInsight | undefined): string {
  return `stage ${stage?.name ?? stage?.index ?? ''}`.trimEnd();
}

/** Files first; a layer without any is told by what else it does. */
function contentsTitle({ layer: { contents } }: MeasuredLayer): string | undefined {
  if (!contents) {
    return undefined;
  }
  if (contents.files > 0) {
    return count(contents.files, 'file');
  }
  if (contents.whiteouts > 0) {
    return `hides ${count(contents.whiteouts, 'path')}`;
  }
  return contents.symlinks > 0 ? count(contents.symlinks, 'symlink') : count(contents.directories, 'directory');
}

/** Why an instruction that makes a layer has no size. */
function missingTitle(image: ImageInsight | undefined): string {
  switch (image?.matches) {
    case undefined:
      return 'layer · not measured yet';
    case 'edited':
      return 'layer · changed since the image was built';
    case 'not-this-file':
      return 'layer · the image is of another file';
    case 'exact':
    case 'unknown':
      return 'layer · size not known';
  }
}

function targetTitle(stage: StageInsight, image: ImageInsight | undefined): string {
  if (!image) {
    return joined([stage.layers === 0 ? 'no layers of its own' : count(stage.layers, 'layer'), 'not measured yet']);
  }
  if (image.matches === 'not-this-file') {
    return joined([`${shortSource(image.source)} is ${matches(image.matches)}`, image.reason && reason(image.reason)]);
  }
  return joined([totalTitle(image), baseTitle(image), measuredFrom(image)]);
}

function totalTitle(image: ImageInsight): string {
  const unpacked = image.bytes.unpacked === undefined ? 'sizes not read' : size(image.bytes.unpacked);
  const total = `${unpacked} in ${count(image.layers, 'layer')}`;
  switch (image.matches) {
    case 'exact':
    case 'not-this-file':
      return total;
    case 'edited':
      return `${total} before your edit`;
    case 'unknown':
      return joined([total, 'not told line by line', image.reason && reason(image.reason)]);
  }
}

function baseTitle({ base }: ImageInsight): string | undefined {
  if (!base || base.layers === 0) {
    return undefined;
  }
  return `base ${shortName(base.name)}${base.unpacked === undefined ? '' : ` ${size(base.unpacked)}`}`;
}

/** A build that was found by itself has no name that anybody would know. */
function measuredFrom({ build, source }: ImageInsight): string {
  return build?.completedAt === undefined
    ? `measured from ${shortSource(source)}`
    : `measured from the build of ${dateTime(build.completedAt)}`;
}

/** A FROM that is not the target's. */
function stageTitle(stage: StageInsight, all: Overview): string {
  if (!stage.built) {
    return `${stageName(stage)} · not built`;
  }
  const own = stage.layers === 0 ? 'no layers of its own' : count(stage.layers, 'layer');
  return joined([
    stageName(stage),
    stage.bytes === undefined ? own : `${size(stage.bytes)} in ${own}`,
    stage.ships ? `part of ${all.target ? stageName(all.target) : 'the image'}` : 'left behind',
  ]);
}

function stageHint(stage: StageInsight, image: ImageInsight | undefined): string | undefined {
  if (!stage.built) {
    return 'not built';
  }
  if (!stage.target) {
    return stage.ships ? undefined : 'left behind';
  }
  return image?.bytes.unpacked === undefined || image.matches === 'not-this-file'
    ? undefined
    : size(image.bytes.unpacked);
}

/** What the base's ONBUILD triggers added at this FROM. */
function onbuildTitle(layer: LayerInsight): string | undefined {
  const measured = measuredLayers(layer);
  if (layer.onbuild.length === 0) {
    return undefined;
  }
  const known = measured.map(({ layer: { bytes } }) => bytes).filter((bytes) => bytes !== undefined);
  const total = known.reduce((sum, bytes) => sum + bytes, 0);
  const weight = measured.length > 0 && known.length === measured.length ? ` ${size(total)}` : '';
  return `ONBUILD of the base${weight} in ${count(layer.onbuild.filter(({ effect }) => effect === 'layer').length, 'layer')}`;
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
