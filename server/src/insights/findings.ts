/** Runs the rules, then applies what people said of them: levels in the settings, ignore comments in the text. */
import type { Dockerfile, Instruction } from '../dockerfile/dockerfile.ts';
import { contains, type Span } from '../text/span.ts';
import { lineTable, positionAt } from '../text/lines.ts';
import type { Finding, Level, LayerInsight } from './insight.ts';
import type { BuildPlan } from '../build/plan.ts';
import type { Report, Rule, RuleSettings } from './rule.ts';
import { rules } from './rules/index.ts';

export interface FindingsInput {
  readonly dockerfile: Dockerfile;
  readonly plan: BuildPlan;
  /** Undefined while nothing was measured: rules that need an image stay silent. */
  readonly layers: readonly LayerInsight[] | undefined;
  readonly settings: RuleSettings;
  readonly levels: ReadonlyMap<string, Level | 'off'>;
}

export function findings(input: FindingsInput): Finding[] {
  const ignored = ignoreComments(input.dockerfile);
  return rules.flatMap((rule) => {
    const level = input.levels.get(rule.name) ?? rule.level;
    if (level === 'off') {
      return [];
    }
    return reportsOf(rule, input)
      .filter((report) => !ignored(rule.name, report.at))
      .map((report) => finding(rule.name, level, report));
  });
}

function reportsOf(rule: (typeof rules)[number], { dockerfile, plan, layers, settings }: FindingsInput): Report[] {
  switch (rule.needs) {
    case 'text':
      return [...rule.check({ dockerfile, plan, settings })];
    case 'image':
      return layers ? [...rule.check({ dockerfile, plan, settings, layers })] : [];
  }
}

function finding(rule: Rule['name'], level: Level, report: Report): Finding {
  return {
    kind: 'finding',
    rule,
    level,
    span: report.at,
    certainty: report.certainty ?? 'predicted',
    message: report.message,
    saves: report.saves,
    related: report.related ?? [],
    fixes: report.fixes ?? [],
  };
}

/**
 * `# layer-lens ignore=rule,rule` right above an instruction, or inside it, speaks of that instruction;
 * `# layer-lens global ignore=rule` anywhere speaks of the file. `all` stands for every rule.
 */
function ignoreComments(dockerfile: Dockerfile): (rule: string, at: Span) => boolean {
  const global = new Set<string>();
  const byLine = new Map<number, readonly string[]>();
  const commentLines = new Set<number>();
  const table = lineTable(dockerfile.text);
  for (const span of dockerfile.comments) {
    const { line } = positionAt(table, span.start);
    commentLines.add(line);
    const match = /^#\s*layer-lens\s+(global\s+)?ignore\s*=\s*([\w,\s-]+)/i.exec(
      dockerfile.text.slice(span.start, span.end),
    );
    const names = match?.[2]!.split(/[\s,]+/).filter((name) => name !== '') ?? [];
    if (match?.[1]) {
      names.forEach((name) => global.add(name));
    } else if (names.length > 0) {
      byLine.set(line, names);
    }
  }
  if (global.size === 0 && byLine.size === 0) {
    return () => false;
  }
  const instructions = [
    ...dockerfile.globalInstructions,
    ...dockerfile.stages.flatMap((stage) => [stage.from, ...stage.instructions]),
  ];
  return (rule, at) => {
    const instruction = instructions.find(({ span }) => contains(span, at.start));
    const names = [...global, ...(instruction ? namesFor(instruction, byLine, commentLines) : [])];
    return names.includes(rule) || names.includes('all');
  };
}

function namesFor(
  { lines }: Instruction,
  byLine: ReadonlyMap<number, readonly string[]>,
  commentLines: ReadonlySet<number>,
): readonly string[] {
  const names: string[] = [];
  let first = lines.start;
  while (commentLines.has(first - 1)) {
    first--;
  }
  for (let line = first; line <= lines.end; line++) {
    names.push(...(byLine.get(line) ?? []));
  }
  return names;
}
