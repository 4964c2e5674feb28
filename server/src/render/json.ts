/** The report for machines, version 1: a promise to strangers. Lines and columns from 1, unknown is null, nothing is left out. */
import { lineTable, positionAt, type LineTable } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { Effect, Finding, ImageInsight, LayerInsight, Level, MeasuredLayer, Proof } from '../insights/insight.ts';
import type { Page } from './annotated.ts';
import { ruleLink } from './links.ts';
import { changesNothing, overview, type Overview } from './overview.ts';
import { platformText, sentence } from './phrases.ts';

export interface Report {
  version: 1;
  tool: { name: 'layer-lens'; version: string };
  dockerfile: string;
  target: { index: number; name: string | null } | null;
  image: ReportImage | null;
  instructions: ReportInstruction[];
  stages: ReportStage[];
  findings: ReportFinding[];
  /** Null until dead files were looked for. */
  waste: null;
  problems: ReportProblem[];
}

export interface ReportImage {
  source: string;
  id: string;
  platform: string;
  created: string | null;
  bytes: { unpacked: number | null; stored: number | null; net: number | null; dead: number | null };
  base: { name: string; layers: number; unpacked: number | null } | null;
  matches: ImageInsight['matches'];
}

export interface ReportInstruction {
  line: number;
  endLine: number;
  keyword: string;
  stage: number | null;
  effect: Effect;
  ships: boolean | null;
  built: boolean | null;
  layer: ReportLayer | null;
  /** Null: no record to compare with. */
  cache: null;
  time: { milliseconds: number; cached: boolean } | null;
}

export interface ReportLayer {
  index: number;
  historyIndex: number | null;
  diffId: string;
  bytes: number | null;
  storedBytes: number | null;
  files: number | null;
  deadBytes: number | null;
  emptyDiff: boolean | null;
  proof: Proof;
  certainty: 'measured' | 'stale';
}

export interface ReportStage {
  index: number;
  name: string | null;
  line: number;
  base: { kind: 'image' | 'stage' | 'scratch'; name: string };
  built: boolean;
  ships: boolean;
  bytes: number | null;
}

interface Range {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface ReportFinding extends Range {
  rule: string;
  level: Level;
  certainty: 'measured' | 'predicted';
  message: string;
  docs: string;
  saves: { bytes: number | null; milliseconds: number | null };
  related: { line: number; message: string }[];
  fixes: { title: string; safe: boolean; edits: (Range & { newText: string })[] }[];
}

export interface ReportProblem extends Range {
  severity: 'error' | 'warning';
  kind: 'parse' | 'build' | 'evidence';
  message: string;
}

/** `version` is the tool's. */
export function report(page: Page, version: string): Report {
  const all = overview(page.insights);
  const table = lineTable(page.text);
  return {
    version: 1,
    tool: { name: 'layer-lens', version },
    dockerfile: page.dockerfile,
    target: all.target ? { index: all.target.index, name: all.target.name ?? null } : null,
    image: all.image ? imageReport(all.image) : null,
    instructions: all.layers.flatMap(instructionReports),
    stages: stageReports(all),
    findings: all.findings.map((finding) => findingReport(finding, table)),
    waste: null,
    problems: all.problems.map(({ span, severity, of, message }) => ({
      ...range(span, table),
      severity,
      kind: of,
      message,
    })),
  };
}

/** As it goes to stdout. */
export function json(page: Page, version: string): string {
  return `${JSON.stringify(report(page, version), undefined, 2)}\n`;
}

function imageReport({ source, id, platform, created, bytes, base, matches }: ImageInsight): ReportImage {
  const { unpacked, stored, net } = bytes;
  return {
    source,
    id,
    platform: platformText(platform),
    created: created ?? null,
    bytes: {
      unpacked: unpacked ?? null,
      stored: stored ?? null,
      net: net ?? null,
      dead: unpacked === undefined || net === undefined ? null : unpacked - net,
    },
    base: base ? { name: base.name, layers: base.layers, unpacked: base.unpacked ?? null } : null,
    matches,
  };
}

/** A trigger of the base is an instruction of its own, on the lines of the FROM where it ran. */
function instructionReports(layer: LayerInsight): ReportInstruction[] {
  const place = {
    line: layer.lines.start + 1,
    endLine: layer.lines.end + 1,
    stage: layer.stage ?? null,
    ships: layer.ships ?? null,
    built: layer.built ?? null,
  };
  return [
    {
      ...place,
      keyword: layer.keyword,
      effect: layer.effect,
      layer: layerReport(layer.layer),
      cache: null,
      time: layer.time ? { milliseconds: layer.time.milliseconds, cached: layer.time.cached } : null,
    },
    ...layer.onbuild.map((trigger) => ({
      ...place,
      keyword: /^\s*(\S*)/.exec(trigger.text)![1]!.toUpperCase(),
      effect: trigger.effect,
      layer: layerReport(trigger.layer),
      cache: null,
      time: null,
    })),
  ];
}

function layerReport(measured: MeasuredLayer | undefined): ReportLayer | null {
  if (!measured) {
    return null;
  }
  const { index, historyIndex, layer, proof, certainty } = measured;
  return {
    index,
    historyIndex: historyIndex ?? null,
    diffId: layer.diffId,
    bytes: layer.bytes ?? null,
    storedBytes: layer.stored?.bytes ?? null,
    files: layer.contents?.files ?? null,
    deadBytes: null,
    emptyDiff: changesNothing(layer) ?? null,
    proof,
    certainty,
  };
}

function stageReports(all: Overview): ReportStage[] {
  return [...all.stages.values()].map(({ index, name, lines, base, built, ships, bytes }) => ({
    index,
    name: name ?? null,
    line: lines.start + 1,
    base: { kind: base.kind, name: base.name },
    built,
    ships,
    bytes: bytes ?? null,
  }));
}

function findingReport(finding: Finding, table: LineTable): ReportFinding {
  const { rule, level, certainty, span, message, saves, related, fixes } = finding;
  return {
    rule,
    level,
    // What was measured of an older text is a prediction for this one.
    certainty: certainty === 'measured' ? 'measured' : 'predicted',
    ...range(span, table),
    message: sentence(message),
    docs: ruleLink(rule),
    saves: { bytes: saves?.bytes ?? null, milliseconds: saves?.milliseconds ?? null },
    related: related.map((each) => ({
      line: positionAt(table, each.span.start).line + 1,
      message: sentence(each.message),
    })),
    fixes: fixes.map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ ...range(edit.span, table), newText: edit.newText })),
    })),
  };
}

/** `endColumn` is the column after the last character, so that an empty range can be told. */
function range(span: Span, table: LineTable): Range {
  const start = positionAt(table, span.start);
  const end = positionAt(table, span.end);
  return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}
