/** `layer-lens show`: a Dockerfile with the size of every layer beside the line that made it. */
import type { Insight, Level } from '../insights/insight.ts';
import { lens } from '../lens.ts';
import { annotated, type Page } from '../render/annotated.ts';
import { json } from '../render/json.ts';
import { markdownReport } from '../render/markdown.ts';
import { noPaint } from '../render/paint.ts';
import { shortSource } from '../render/phrases.ts';
import { transports } from '../sources/transports.ts';
import { table } from '../render/table.ts';
import { settings } from '../settings.ts';
import { readDockerfile } from '../sources/dockerfile-text.ts';
import { buildOptions, readBuildOptions } from './build-options.ts';
import { exitCodes, type Command } from './command.ts';
import { gatherEvidence } from './evidence.ts';
import { seeHelp, type Given } from './options.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

const formats = ['text', 'table', 'json', 'markdown'] as const;
const levels = ['error', 'warning', 'info', 'hint'] as const satisfies Level[];

export const showCommand: Command = {
  name: 'show',
  summary: 'Print a Dockerfile with the size of every layer beside the line that made it.',
  usage: '[-f FILE] [--image SOURCE] [OPTIONS]',
  examples: [
    { line: 'layer-lens show', what: 'the Dockerfile here, with the sizes of its last docker build if there was one' },
    {
      line: 'docker save app -o app.tar && layer-lens show --image docker-archive:app.tar',
      what: 'with the sizes of an archive; no engine needed',
    },
    {
      line: 'layer-lens show -f api/Dockerfile --image docker-daemon:api:latest',
      what: 'with the sizes of an image that the engine has',
    },
    {
      line: 'layer-lens show --image app.tar --format json > report.json',
      what: 'for scripts; the schema is docs/report.schema.json',
    },
    {
      line: 'layer-lens show --image app.tar --fail-on warning',
      what: 'in CI: exit code 1 where something is a warning or worse',
    },
    {
      line: 'layer-lens show -f - --target build < Dockerfile',
      what: 'from standard input, another stage than the last',
    },
  ],
  options: {
    'file': {
      short: 'f',
      value: 'FILE',
      help: 'The Dockerfile, or - for standard input. Default: Dockerfile or Containerfile here.',
    },
    'image': {
      value: 'SOURCE',
      help: `The image to measure: ${transports.map(({ example }) => example).join(', ')}, or just a path. Default: the image of the last build, where the engine knows of one.`,
    },
    ...buildOptions,
    'context': {
      value: 'DIR',
      help: 'The build context. Taken by every command; nothing that show prints depends on it.',
    },
    'format': { value: 'FORMAT', choices: formats, help: 'How to print.' },
    'fail-on': {
      value: 'LEVEL',
      choices: levels,
      help: 'Exit with 1 where a problem or finding has this level or a higher one.',
    },
    'no-contents': { help: 'Read sizes only, not what is inside the layers: quicker for large images in an engine.' },
    'no-engine': { alias: 'offline', help: 'Ask no engine for what was not named with --image.' },
    'no-color': { help: 'No colours. Also: the variable NO_COLOR; FORCE_COLOR for the opposite.' },
  },
  run: show,
};

async function show(given: Given, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const { values } = given;
  refusePositionals(given);
  const build = readBuildOptions(given, terminal.env);
  const dockerfile = await readDockerfile(values.get('file')?.[0], terminal.folder, process.stdin);
  const image = values.get('image')?.[0];
  const evidence = await gatherEvidence(
    {
      dockerfile,
      build,
      image,
      engine: values.has('no-engine') ? 'left alone' : 'asked',
      contents: !values.has('no-contents'),
    },
    terminal,
    signal,
  );
  if (image === undefined && evidence.image) {
    terminal.note(
      `Measured the last build of this file, ${shortSource(evidence.image.source)}. Name another image with --image.`,
    );
  }
  const insights = lens(dockerfile.text, evidence, {
    build,
    levels: new Map(),
    largeLayerBytes: settings['largeLayer.megabytes'].default * 1_000_000,
  });
  await terminal.print(formatted({ dockerfile: dockerfile.name, text: dockerfile.text, insights }, given, terminal));
  return exitCode(insights, values.get('fail-on')?.[0]);
}

function refusePositionals({ positionals }: Given): void {
  const [first] = positionals;
  if (first !== undefined) {
    throw new UsageError(
      `show takes no argument, and was given "${first}"`,
      `A Dockerfile is named with -f ${first}, an image with --image ${first}. ${seeHelp('show')}`,
    );
  }
}

function formatted(page: Page, { values }: Given, { painter, width }: Terminal): string {
  const paint = values.has('no-color') ? noPaint : painter;
  const format = formats.find((known) => known === values.get('format')?.[0]) ?? 'text';
  switch (format) {
    case 'text':
      return annotated(page, { paint, width });
    case 'table':
      return table(page, { paint, width });
    case 'json':
      return json(page, version);
    case 'markdown':
      return markdownReport(page);
  }
}

function exitCode(insights: readonly Insight[], failOn: string | undefined): number {
  const worst = levels.findIndex((level) => level === failOn);
  const failing: readonly string[] = levels.slice(0, worst + 1);
  const failed = insights.some(
    (insight) =>
      (insight.kind === 'finding' && failing.includes(insight.level)) ||
      (insight.kind === 'problem' && failing.includes(insight.severity)),
  );
  return failed ? exitCodes.failed : exitCodes.fine;
}
