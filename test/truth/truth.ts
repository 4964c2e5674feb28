/**
 * Answers cases of ground truth that were recorded from real builds: `npm run -s truth -- CASE` or `… -- --batch FOLDER`.
 * A case is a folder with `case.json` and the build contexts it speaks of. Prints one JSON object per case, one a line.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions } from '../../server/src/build/plan.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import type { BaseImage, DiffId, Digest, Image } from '../../server/src/image/image.ts';
import { mapLayers } from '../../server/src/mapping/map-layers.ts';
import { lens } from '../../server/src/lens.ts';

interface State {
  readonly dir: string;
  readonly dockerfile: string;
  readonly build_args: Record<string, string>;
  readonly target: string | null;
  readonly bases: Record<string, { diff_ids: DiffId[]; config: Record<string, unknown> }>;
}

interface Case {
  readonly id: string;
  readonly mutation?: number;
  readonly before: State;
  readonly image: {
    readonly history: readonly { created_by?: string; empty_layer?: boolean; comment?: string }[];
    readonly layers: readonly { diff_id: DiffId; size: number; tar_size: number }[];
  };
}

const platform = { os: 'linux', architecture: 'amd64', variant: undefined };

function main(args: readonly string[]): void {
  const folders = args[0] === '--batch' ? readdirSync(args[1]!).map((name) => path.join(args[1]!, name)) : args;
  for (const folder of folders) {
    console.log(JSON.stringify(answer(folder)));
  }
}

function answer(folder: string): object {
  const given: Case = JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) as Case;
  const { before } = given;
  const text = readFileSync(path.join(folder, before.dir, before.dockerfile), 'utf8');
  const options: BuildOptions = {
    target: before.target ?? undefined,
    buildArgs: new Map(Object.entries(before.build_args)),
    platform,
  };
  const bases = new Map(Object.entries(before.bases).map(([name, base]) => [name, baseImage(base)]));
  return {
    id: given.id,
    mutation: given.mutation,
    layers: layersOf(text, bases, options),
    image: imageOf(text, bases, options, imageFrom(given.image)),
  };
}

function layersOf(text: string, bases: ReadonlyMap<string, BaseImage>, build: BuildOptions): object[] {
  const evidence = { bases, image: undefined, record: undefined, builtText: undefined };
  return lens(text, evidence, { build, levels: new Map(), largeLayerBytes: 0 }).flatMap((insight) => {
    if (insight.kind !== 'layer' || insight.stage === undefined || insight.keyword === 'FROM') {
      return [];
    }
    const kind = !insight.built ? 'not-built' : insight.effect === 'layer' ? 'layer' : 'metadata';
    return [{ start: insight.lines.start + 1, end: insight.lines.end + 1, kind, in_final_image: insight.ships }];
  });
}

function imageOf(text: string, bases: ReadonlyMap<string, BaseImage>, options: BuildOptions, image: Image): object[] {
  const dockerfile = parseDockerfile(text);
  const mapping = mapLayers(dockerfile, options, { bases, image, record: undefined, builtText: undefined });
  const steps = mapping.plan.chain.flatMap((stage) => stage.steps);
  return steps
    .filter((step) => step.origin === 'text' && mapping.historyIndexes.has(step))
    .map((step) => {
      const pair = mapping.pairs.get(step);
      const layer = pair && image.layers[pair.index];
      return {
        start: step.instruction.lines.start + 1,
        end: step.instruction.lines.end + 1,
        history_index: mapping.historyIndexes.get(step),
        ...(layer ? { layer_index: pair.index, diff_id: layer.diffId, size: layer.bytes } : {}),
      };
    });
}

function baseImage({ diff_ids: diffIds, config }: State['bases'][string]): BaseImage {
  return {
    diffIds,
    config: {
      env: (config['Env'] as string[] | null) ?? [],
      workingDir: (config['WorkingDir'] as string | undefined) ?? '',
      user: (config['User'] as string | undefined) ?? '',
      shell: (config['Shell'] as string[] | undefined) ?? undefined,
      onBuild: (config['OnBuild'] as string[] | null) ?? [],
    },
    history: undefined,
  };
}

function imageFrom({ history, layers }: Case['image']): Image {
  return {
    id: 'sha256:case' as Digest,
    platform,
    created: undefined,
    config: { env: [], workingDir: '', user: '', shell: undefined, onBuild: [] },
    layers: layers.map(({ diff_id: diffId, size }) => ({
      diffId,
      bytes: size,
      stored: undefined,
      contents: undefined,
    })),
    history: history.map((entry) => ({
      createdBy: entry.created_by ?? '',
      created: undefined,
      comment: entry.comment,
      author: undefined,
      emptyLayer: entry.empty_layer ?? false,
    })),
  };
}

main(process.argv.slice(2));
