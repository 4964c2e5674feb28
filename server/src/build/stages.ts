/** Which stage stands on which, which one is the target, and which ones a build of it needs. */
import { expandWord } from '../dockerfile/expand.ts';
import { flagOf, type Dockerfile, type Instruction, type Stage } from '../dockerfile/dockerfile.ts';
import type { Platform } from '../image/image.ts';
import { variablesOf, type GlobalArgs } from './environment.ts';
import { mountSources } from './mounts.ts';

export type StageBase =
  | { readonly kind: 'scratch'; readonly name: 'scratch' }
  | { readonly kind: 'stage'; readonly name: string; readonly stage: Stage }
  /** `name` is undefined where it depends on an argument that is not known. */
  | { readonly kind: 'image'; readonly name: string | undefined };

/** Automatic arguments, then the ARGs before the first FROM. */
export function globalArgs(dockerfile: Dockerfile, options: GlobalOptions): GlobalArgs {
  const values = new Map<string, string | undefined>();
  for (const [name, value] of automaticArgs(dockerfile, options)) {
    values.set(name, options.buildArgs.get(name) ?? value);
  }
  for (const instruction of dockerfile.globalInstructions) {
    if (instruction.keyword !== 'ARG') {
      continue;
    }
    for (const pair of instruction.pairs) {
      const name = pair.name.text;
      const given = options.buildArgs.get(name);
      if (given !== undefined) {
        values.set(name, given);
      } else if (pair.value) {
        values.set(name, expandGlobal(pair.value.text, values, dockerfile.escape));
      }
    }
  }
  return { values, buildArgs: options.buildArgs };
}

export interface GlobalOptions {
  readonly target: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly platform: Platform | undefined;
}

function automaticArgs(dockerfile: Dockerfile, { target, platform }: GlobalOptions): [string, string | undefined][] {
  const variant = platform?.variant ?? (platform ? '' : undefined);
  const full = platform && [platform.os, platform.architecture, platform.variant].filter((part) => part).join('/');
  const lastName = dockerfile.stages.at(-1)?.name?.text.toLowerCase();
  return [
    // The builder's own platform is not in the text; it may differ from the target's.
    ...['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].map((name): [string, undefined] => [
      `BUILD${name}`,
      undefined,
    ]),
    ['TARGETPLATFORM', full],
    ['TARGETOS', platform?.os],
    ['TARGETOSVERSION', platform && platform.os !== 'windows' ? '' : undefined],
    ['TARGETARCH', platform?.architecture],
    ['TARGETVARIANT', variant],
    ['TARGETSTAGE', (target ?? lastName) || 'default'],
  ];
}

function expandGlobal(
  word: string,
  values: ReadonlyMap<string, string | undefined>,
  escape: string,
): string | undefined {
  const expanded = expandWord(word, variablesOf({ variables: values, open: false }), escape);
  return expanded.unknown.length > 0 || expanded.problem !== undefined ? undefined : expanded.text;
}

/** The base of every stage, in order. A name means the last stage before it that is called so, else an image. */
export function stageBases(dockerfile: Dockerfile, globals: GlobalArgs): StageBase[] {
  const named = new Map<string, Stage>();
  return dockerfile.stages.map((stage) => {
    const name = expandGlobal(stage.from.image?.text ?? '', globals.values, dockerfile.escape);
    const earlier = name === undefined ? undefined : named.get(name);
    if (stage.name) {
      named.set(stage.name.text.toLowerCase(), stage);
    }
    if (earlier) {
      return { kind: 'stage', name: stage.from.image!.text, stage: earlier };
    }
    return name === 'scratch' ? { kind: 'scratch', name } : { kind: 'image', name };
  });
}

/** The last stage, or the one called `target`, whatever its case; undefined where there is none. */
export function targetStage(dockerfile: Dockerfile, target: string | undefined): Stage | undefined {
  if (target === undefined || target === '') {
    return dockerfile.stages.at(-1);
  }
  return stagesByName(dockerfile).get(target.toLowerCase());
}

/** Of stages with one name the last counts. */
export function stagesByName(dockerfile: Dockerfile): ReadonlyMap<string, Stage> {
  return new Map(dockerfile.stages.flatMap((stage) => (stage.name ? [[stage.name.text.toLowerCase(), stage]] : [])));
}

/** The stages of this file that an instruction reads from. */
export function stagesReadBy(
  instruction: Instruction,
  dockerfile: Dockerfile,
  names: ReadonlyMap<string, Stage>,
): readonly Stage[] {
  if (instruction.keyword === 'COPY') {
    const from = flagOf(instruction, 'from')?.value;
    return from === undefined ? [] : found(stageCalled(from, dockerfile, names));
  }
  if (instruction.keyword === 'RUN') {
    return mountSources(instruction).flatMap((from) => found(names.get(from.toLowerCase())));
  }
  return [];
}

function stageCalled(from: string, dockerfile: Dockerfile, names: ReadonlyMap<string, Stage>): Stage | undefined {
  return /^[+-]?\d+$/.test(from) ? dockerfile.stages[Number(from)] : names.get(from.toLowerCase());
}

function found(stage: Stage | undefined): readonly Stage[] {
  return stage ? [stage] : [];
}
