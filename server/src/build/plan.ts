/** What a build of a Dockerfile would do: target, stages, steps, and what each step leaves in the image. */
import type { Dockerfile, From, Instruction, Problem, Stage } from '../dockerfile/dockerfile.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { BaseImage, Platform } from '../image/image.ts';
import { advance, emptyConfig, stateOfImage, type GlobalArgs, type StageState } from './environment.ts';
import { globalArgs, stageBases, stagesByName, stagesReadBy, targetStage, type StageBase } from './stages.ts';
import { stageProblems } from './stage-problems.ts';

/** As given on the command line of the build. */
export interface BuildOptions {
  readonly target: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly platform: Platform | undefined;
}

/**
 * `layer`: leaves one in the image of its stage. `metadata`: changes the config only. `base`: brings the base's layers.
 * `none`: does nothing to the image (`WORKDIR /`, ONBUILD, a global ARG, an unknown keyword).
 */
export type Effect = 'layer' | 'metadata' | 'base' | 'none';

export interface Step {
  readonly instruction: Instruction;
  /** The instruction of the text it belongs to: itself, or the FROM that a trigger runs at. */
  readonly anchor: Instruction;
  readonly origin: 'text' | 'onbuild';
  readonly effect: Effect;
  readonly before: StageState;
  readonly after: StageState;
}

export interface PlannedStage {
  readonly stage: Stage;
  readonly base: StageBase;
  /** Reachable from the target: its steps run, if nothing is cached. */
  readonly built: boolean;
  /** The target, or a stage below it: its layers are in the image. */
  readonly ships: boolean;
  /** FROM, then the base's triggers, then the stage's own instructions. */
  readonly steps: readonly Step[];
  /** What the base image left for later: its config was not read, so triggers may be missing here. */
  readonly baseKnown: boolean;
}

export interface BuildPlan {
  /** Undefined: the file has no stage, or none of the wanted name. */
  readonly target: PlannedStage | undefined;
  /** In the order of the text. */
  readonly stages: readonly PlannedStage[];
  /** From the stage that stands on an image or on scratch, to the target. */
  readonly chain: readonly PlannedStage[];
  readonly options: BuildOptions;
  /** Why the build fails although the text reads well. */
  readonly problems: readonly Problem[];
}

/** `bases` by the expanded name as FROM has it. Total: plans what it can of any text. */
export function planBuild(
  dockerfile: Dockerfile,
  bases: ReadonlyMap<string, BaseImage>,
  options: BuildOptions,
): BuildPlan {
  const globals = globalArgs(dockerfile, options);
  const names = stagesByName(dockerfile);
  const drafts: Draft[] = [];
  for (const [at, base] of stageBases(dockerfile, globals).entries()) {
    drafts.push(draftStage(dockerfile, dockerfile.stages[at]!, base, drafts, bases, globals, options));
  }
  const target = targetStage(dockerfile, options.target);
  const chain = baseChain(target && drafts[target.index], drafts);
  const built = reachable(target && drafts[target.index], drafts, (instruction) =>
    stagesReadBy(instruction, dockerfile, names),
  );
  const stages = drafts.map((draft): PlannedStage => ({
    stage: draft.stage,
    base: draft.base,
    built: built.has(draft),
    ships: chain.includes(draft),
    steps: draft.steps,
    baseKnown: draft.baseKnown,
  }));
  return {
    target: target && stages[target.index],
    stages,
    chain: chain.map((draft) => stages[draft.stage.index]!),
    options,
    problems: stageProblems({
      dockerfile,
      bases: drafts.map(({ base }) => base),
      isBuilt: ({ index }) => built.has(drafts[index]!),
      target: { name: options.target, found: target !== undefined },
    }),
  };
}

interface Draft {
  readonly stage: Stage;
  readonly base: StageBase;
  readonly steps: readonly Step[];
  readonly baseKnown: boolean;
  readonly end: StageState;
}

function draftStage(
  dockerfile: Dockerfile,
  stage: Stage,
  base: StageBase,
  earlier: readonly Draft[],
  bases: ReadonlyMap<string, BaseImage>,
  globals: GlobalArgs,
  options: BuildOptions,
): Draft {
  const start = startOf(base, earlier, bases, options.platform, dockerfile.escape);
  const steps: Step[] = [fromStep(stage.from, start.state)];
  let state = start.state;
  const add = (instruction: Instruction, anchor: Instruction, origin: Step['origin']): void => {
    const after = advance(state, instruction, globals);
    steps.push({ instruction, anchor, origin, effect: effectOf(instruction, after), before: state, after });
    state = after;
  };
  for (const trigger of start.triggers) {
    add(trigger, stage.from, 'onbuild');
  }
  for (const instruction of stage.instructions) {
    add(instruction, instruction, 'text');
  }
  return { stage, base, steps, baseKnown: start.known, end: state };
}

interface StageStart {
  readonly state: StageState;
  readonly triggers: readonly Instruction[];
  readonly known: boolean;
}

function startOf(
  base: StageBase,
  earlier: readonly Draft[],
  bases: ReadonlyMap<string, BaseImage>,
  platform: Platform | undefined,
  escape: string,
): StageStart {
  if (base.kind === 'stage') {
    const parent = earlier[base.stage.index]!;
    const triggers = base.stage.instructions.flatMap((one) =>
      one.keyword === 'ONBUILD' && one.trigger ? [one.trigger] : [],
    );
    return { state: parent.end, triggers, known: parent.baseKnown };
  }
  if (base.kind === 'scratch') {
    return { state: stateOfImage(emptyConfig, platform, escape), triggers: [], known: true };
  }
  const image = base.name === undefined ? undefined : bases.get(base.name);
  return {
    state: stateOfImage(image?.config, platform, escape),
    triggers: (image?.config.onBuild ?? []).flatMap(readTrigger),
    known: image !== undefined,
  };
}

/** A base image keeps its triggers as text; before any FROM every instruction is read as it stands. */
function readTrigger(text: string): readonly Instruction[] {
  return parseDockerfile(text).globalInstructions;
}

function fromStep(from: From, state: StageState): Step {
  return { instruction: from, anchor: from, origin: 'text', effect: 'base', before: state, after: state };
}

function effectOf(instruction: Instruction, after: StageState): Effect {
  switch (instruction.keyword) {
    case 'FROM':
      return 'base';
    case 'RUN':
    case 'COPY':
    case 'ADD':
      return 'layer';
    case 'WORKDIR':
      return after.workingDir === '/' ? 'none' : 'layer';
    case 'ONBUILD':
    case 'UNKNOWN':
      return 'none';
    case 'ARG':
    case 'ENV':
    case 'LABEL':
    case 'USER':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'EXPOSE':
    case 'VOLUME':
    case 'SHELL':
    case 'HEALTHCHECK':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
      return 'metadata';
  }
}

function baseChain(target: Draft | undefined, drafts: readonly Draft[]): Draft[] {
  const chain: Draft[] = [];
  for (let at = target; at; at = at.base.kind === 'stage' ? drafts[at.base.stage.index] : undefined) {
    chain.unshift(at);
  }
  return chain;
}

function reachable(
  target: Draft | undefined,
  drafts: readonly Draft[],
  reads: (instruction: Instruction) => readonly Stage[],
): ReadonlySet<Draft> {
  const seen = new Set<Draft>();
  const open = target ? [target] : [];
  for (let draft = open.pop(); draft; draft = open.pop()) {
    if (seen.has(draft)) {
      continue;
    }
    seen.add(draft);
    const needed = draft.steps.flatMap((step) => reads(step.instruction));
    open.push(
      ...(draft.base.kind === 'stage' ? [draft.base.stage, ...needed] : needed).map((stage) => drafts[stage.index]!),
    );
  }
  return seen;
}
