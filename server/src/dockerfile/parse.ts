/** Text to Dockerfile, the way BuildKit reads it. Never throws; what BuildKit refuses is in `problems`, the rest is still read. */
import type { Dockerfile, From, Instruction, Problem, Stage } from './dockerfile.ts';
import { readInstruction } from './instruction.ts';
import { lowerCase } from './keywords.ts';
import { readComments } from './nodes.ts';
import { scan } from './scan.ts';

export function parseDockerfile(text: string): Dockerfile {
  const scanned = scan(text);
  const { directives, escape, instructions, problems: scanProblems } = scanned;
  const problems: Problem[] = scanProblems.slice();
  const read = instructions.map((each) => readInstruction(each, escape, (problem) => problems.push(problem)));
  const { globalInstructions, stages } = intoStages(read);
  for (const problem of [...misplaced(text, globalInstructions, stages), ...repeatedNames(stages)]) {
    problems.push(problem);
  }
  problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { text, directives, escape, comments: readComments(scanned), globalInstructions, stages, problems };
}

function intoStages(instructions: readonly Instruction[]): {
  globalInstructions: readonly Instruction[];
  stages: readonly Stage[];
} {
  const globalInstructions: Instruction[] = [];
  const stages: { index: number; name: From['name']; from: From; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      stages.push({ index: stages.length, name: instruction.name, from: instruction, instructions: [] });
    } else {
      (stages.at(-1)?.instructions ?? globalInstructions).push(instruction);
    }
  }
  return { globalInstructions, stages };
}

/** Only ARG may stand before the first FROM, and there must be something to build. */
function misplaced(text: string, globals: readonly Instruction[], stages: readonly Stage[]): readonly Problem[] {
  const first = globals.find(({ keyword }) => keyword !== 'ARG' && keyword !== 'UNKNOWN');
  if (first !== undefined) {
    const { keyword, keywordSpan: span } = first;
    return [
      {
        kind: 'parse',
        severity: 'error',
        span,
        message: `${keyword} cannot stand before the first FROM; only ARG can. Begin with FROM image.`,
      },
    ];
  }
  if (stages.length > 0 || globals.some(({ keyword }) => keyword === 'UNKNOWN')) {
    return [];
  }
  const span = { start: 0, end: text.length };
  return globals.length > 0
    ? [
        {
          kind: 'build',
          severity: 'error',
          span: globals.at(-1)!.span,
          message: 'There is nothing to build: a FROM must follow.',
        },
      ]
    : [{ kind: 'parse', severity: 'error', span, message: 'The file has no instructions. Begin with FROM image.' }];
}

/** BuildKit takes a name twice: later lines mean the later stage. */
function repeatedNames(stages: readonly Stage[]): readonly Problem[] {
  const seen = new Map<string, Stage>();
  const problems: Problem[] = [];
  for (const stage of stages) {
    if (stage.name === undefined) {
      continue;
    }
    const name = lowerCase(stage.name.text);
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      problems.push({
        kind: 'build',
        severity: 'warning',
        span: stage.name.span,
        message: `Line ${earlier.from.lines.start + 1} names a stage “${name}” too, and from here on the name means this one. Give each stage a name of its own.`,
      });
    }
    seen.set(name, stage);
  }
  return problems;
}
