/** Images made up from a text: the history that a build of it would leave, with layers of given sizes. */
import { createdBy, exactText } from '../../server/src/build/created-by.ts';
import { planBuild, type BuildOptions } from '../../server/src/build/plan.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import type {
  BaseImage,
  DiffId,
  Digest,
  HistoryEntry,
  Image,
  ImageConfig,
  ImageFacts,
} from '../../server/src/image/image.ts';

export const noOptions: BuildOptions = {
  target: undefined,
  buildArgs: new Map(),
  platform: { os: 'linux', architecture: 'amd64', variant: undefined },
};

export const plainConfig: ImageConfig = { env: ['PATH=/bin'], workingDir: '', user: '', shell: undefined, onBuild: [] };

/** A base of one layer for every size, each with a history entry of its own. */
export function madeUpBase(
  sizes: readonly number[],
  config: Partial<ImageConfig> = {},
): BaseImage & { readonly sizes: readonly number[] } {
  return {
    diffIds: sizes.map((_, at) => `sha256:base${at}` as DiffId),
    config: { ...plainConfig, ...config },
    history: sizes.map((_, at) => entry(`base layer ${at}`, false)),
    sizes,
  };
}

/** `sizes`: of the layers that the text makes, bottom first; 1, 2, 3 … where none are given. */
export function builtFrom(
  text: string,
  base = madeUpBase([]),
  options: BuildOptions = noOptions,
  sizes: readonly number[] = [],
): ImageFacts & { readonly image: Image } {
  const dockerfile = parseDockerfile(text);
  const bases = new Map(dockerfile.stages.map((stage) => [stage.from.image!.text, base]));
  const steps = planBuild(dockerfile, bases, options).chain.flatMap((stage) => stage.steps);
  const own = steps.flatMap((step) => {
    const [newest] = createdBy(step.instruction, step.before, step.after);
    return newest ? [entry(exactText(newest) ?? '?', step.effect !== 'layer')] : [];
  });
  const history = [...(base.history ?? []), ...own];
  const count = own.filter(({ emptyLayer }) => !emptyLayer).length;
  const layers = [
    ...base.diffIds.map((diffId, at) => ({ diffId, bytes: base.sizes[at]! })),
    ...Array.from({ length: count }, (_, at) => ({ diffId: `sha256:own${at}` as DiffId, bytes: sizes[at] ?? at + 1 })),
  ].map((layer) => ({ ...layer, stored: undefined, contents: undefined }));
  const image: Image = {
    id: 'sha256:made-up' as Digest,
    platform: noOptions.platform!,
    created: '2026-01-01T00:00:00Z',
    config: base.config,
    layers,
    history,
  };
  return { source: 'docker-archive:made-up.tar', image, netBytes: undefined };
}

function entry(createdBy: string, emptyLayer: boolean): HistoryEntry {
  return { createdBy, created: undefined, comment: 'buildkit.dockerfile.v0', author: undefined, emptyLayer };
}
