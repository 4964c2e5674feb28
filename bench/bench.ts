/** `npm run bench`: every performance goal, measured here and now beside a named rival. Exit code 1 where one is missed. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { benchArchive } from './archive.ts';
import { benchFirstLens } from './first-lens.ts';
import { benchInsights } from './insights.ts';
import { figures, type Comparison, type Figures } from './measure.ts';

async function main(): Promise<void> {
  const only = process.argv.slice(2);
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  const results: Comparison[] = [
    ...(wanted('insights') ? benchInsights() : []),
    ...(wanted('archive') ? [await archive()] : []),
    ...(wanted('first-lens') ? [await firstLens()] : []),
    ...(wanted('package') ? [packageSize()] : []),
  ];
  for (const { name, ours, rival, rivalName, bar, holds } of results) {
    console.log(`${holds ? 'holds ' : 'MISSED'}  ${name}: ${inWords(ours)}; bar: ${bar}`);
    if (rival && rivalName !== undefined) {
      const ratio = rival.median > 0 ? `, ratio of medians ${(ours.median / rival.median).toFixed(2)}` : '';
      console.log(`        ${rivalName}: ${inWords(rival)}${ratio}`);
    }
  }
  process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
}

function inWords({ median, p95, runs, unit }: Figures): string {
  if (unit === 'bytes') {
    return `${(median / 1e6).toFixed(2)} MB`;
  }
  return `median ${median.toFixed(1)} ms, 95th percentile ${p95.toFixed(1)} ms, ${runs} runs`;
}

async function archive(): Promise<Comparison> {
  const { name, ours, rival, rivalName, limit } = await benchArchive();
  const [mine, other] = [figures(ours), figures(rival)];
  return {
    name,
    ours: mine,
    rival: other,
    rivalName,
    bar: `median at most ${limit} of it`,
    holds: mine.median <= limit * other.median,
  };
}

async function firstLens(): Promise<Comparison> {
  const ours = figures(await benchFirstLens());
  const bar = 'median under 300 ms';
  return {
    name: 'server start to first lens',
    ours,
    rival: undefined,
    rivalName: undefined,
    bar,
    holds: ours.median < 300,
  };
}

function packageSize(): Comparison {
  const file = path.join('dist', 'layer-lens.vsix');
  execFileSync('npm', ['run', '--silent', 'package'], { stdio: 'ignore' });
  const bytes = statSync(file).size;
  const ours: Figures = { median: bytes, p95: bytes, runs: 1, unit: 'bytes' };
  return {
    name: 'the extension, packaged',
    ours,
    rival: undefined,
    rivalName: undefined,
    bar: 'under 1 MB',
    holds: bytes < 1_000_000,
  };
}

void main();
