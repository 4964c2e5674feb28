/** What reads well and still cannot be built: stages that are not there, not there yet, or not called so. */
import { flagOf, type Dockerfile, type Instruction, type Problem, type Stage } from '../dockerfile/dockerfile.ts';
import type { Span } from '../text/span.ts';
import { stagesByName, stagesReadBy, type StageBase } from './stages.ts';

export interface StageQuestion {
  readonly dockerfile: Dockerfile;
  /** One for each stage. */
  readonly bases: readonly StageBase[];
  readonly isBuilt: (stage: Stage) => boolean;
  /** As asked for; `found` tells whether there is such a stage. */
  readonly target: { readonly name: string | undefined; readonly found: boolean };
}

export function stageProblems(question: StageQuestion): Problem[] {
  const { dockerfile, bases, isBuilt } = question;
  const problems = missingTarget(question);
  const names = stagesByName(dockerfile);
  for (const [at, stage] of dockerfile.stages.entries()) {
    problems.push(...baseProblems(stage, bases[at]!, dockerfile));
    for (const instruction of stage.instructions) {
      const impossible = impossibleFrom(instruction, dockerfile);
      // BuildKit looks at every stage for names it cannot mean, but reads from stages only where they are built.
      const early = isBuilt(stage)
        ? stagesReadBy(instruction, dockerfile, names).filter(({ index }) => index >= stage.index)
        : [];
      problems.push(...impossible, ...early.map((other) => notYetThere(instruction, other, stage)));
    }
  }
  return problems;
}

/** Somebody asks for a stage that is not there, on the command line or in the settings. */
function missingTarget({ dockerfile, target }: StageQuestion): Problem[] {
  const [first] = dockerfile.stages;
  if (target.found || !first || target.name === undefined) {
    return [];
  }
  const names = dockerfile.stages.flatMap(({ name }) => (name ? [`\`${name.text}\``] : []));
  const others =
    names.length > 0
      ? `The stages with a name: ${names.join(', ')}.`
      : 'No stage here has a name: give it one with AS.';
  return [problem(first.from.span, `No stage is called \`${target.name}\`, so a build of it fails. ${others}`)];
}

function baseProblems(stage: Stage, base: StageBase, dockerfile: Dockerfile): Problem[] {
  const { image } = stage.from;
  if (base.kind !== 'image' || base.name === undefined || !image) {
    return [];
  }
  const { name } = base;
  if (name === '' && awaitsArgument(image.text, dockerfile)) {
    return [];
  }
  if (name === '') {
    const message = `The name of the base is empty, because nothing gives \`${image.text}\` a value: set a default with an ARG before the first FROM.`;
    return [problem(image.span, message)];
  }
  const meant = dockerfile.stages.find((one) => one.index < stage.index && sameName(one, name));
  if (!meant) {
    return [];
  }
  const message = `BuildKit keeps stage names in small letters: write \`${name.toLowerCase()}\` to stand on the stage of line ${lineOf(meant)}.`;
  return [problem(image.span, message)];
}

/** `ARG BASE` above `FROM $BASE` says that whoever builds gives it. */
function awaitsArgument(image: string, { globalInstructions }: Dockerfile): boolean {
  const awaited = globalInstructions.flatMap((one) =>
    one.keyword === 'ARG' ? one.pairs.flatMap(({ name, value }) => (value ? [] : [name.text])) : [],
  );
  return [...image.matchAll(/\$\{?(\w+)/g)].some(([, name]) => awaited.includes(name!));
}

function sameName({ name }: Stage, wanted: string): boolean {
  return name?.text.toLowerCase() === wanted.toLowerCase();
}

function impossibleFrom(instruction: Instruction, { stages }: Dockerfile): Problem[] {
  const from = instruction.keyword === 'COPY' ? flagOf(instruction, 'from') : undefined;
  const value = from?.value;
  if (!from || value === undefined) {
    return [];
  }
  if (value.includes('$')) {
    const message =
      '`--from` takes no variables: give the image a stage of its own, `FROM` with the variable and `AS` a name, and copy from that.';
    return [problem(from.span, message)];
  }
  const index = /^[+-]?\d+$/.test(value) ? Number(value) : 0;
  if (index >= 0 && index < stages.length) {
    return [];
  }
  const last = stages.length - 1;
  const range = last === 0 ? 'the only one is 0' : `they are numbered from 0 to ${last}`;
  return [problem(from.span, `There is no stage ${value}: ${range}.`)];
}

function notYetThere(instruction: Instruction, other: Stage, stage: Stage): Problem {
  const span = instruction.flags.find(({ name }) => name === 'from' || name === 'mount')?.span ?? instruction.span;
  const name = other.name?.text ?? String(other.index);
  const message =
    other === stage
      ? `A stage cannot read from itself: \`${name}\` is the stage of this line.`
      : `Stage \`${name}\` begins only in line ${lineOf(other)}; a stage can read from those above it. Move one of the two.`;
  return problem(span, message);
}

function lineOf(stage: Stage): number {
  return stage.from.lines.start + 1;
}

function problem(span: Span, message: string): Problem {
  return { kind: 'build', severity: 'error', span, message };
}
