/** Every file, or part of one, that is made from the settings, the rules and the commands: so each fact is written once. */
import { commandHelp } from '../server/src/cli/help.ts';
import { showCommand } from '../server/src/cli/show.ts';
import type { Rule } from '../server/src/insights/rule.ts';
import { rules } from '../server/src/insights/rules/index.ts';
import { settings, type Setting } from '../server/src/settings.ts';
import { columns } from '../server/src/render/screen-text.ts';

export interface GeneratedFile {
  readonly path: string;
  /** The whole new text, of the text at hand; empty where the file is not there yet. */
  readonly make: (current: string) => string;
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'package.json', make: manifest },
  { path: 'README.md', make: readme },
  { path: 'docs/rules.md', make: rulesPage },
];

const levels = ['error', 'warning', 'info', 'hint', 'off'];

function manifest(current: string): string {
  const value = JSON.parse(current) as { contributes: Record<string, unknown> };
  const properties = Object.fromEntries(
    Object.entries<Setting>(settings).map(([key, setting], order) => [
      `layerLens.${key}`,
      property(key, setting, order),
    ]),
  );
  const configuration = { title: 'Layer Lens', properties };
  return `${JSON.stringify({ ...value, contributes: { ...value.contributes, configuration } }, undefined, 2)}\n`;
}

/** As VS Code's settings editor reads it. */
function property(key: string, setting: Setting, order: number): object {
  return {
    type: setting.type,
    default: setting.default,
    markdownDescription: setting.description,
    scope: setting.scope ?? 'resource',
    order,
    ...(setting.enum === undefined ? {} : { enum: setting.enum }),
    ...(setting.enumDescriptions === undefined ? {} : { markdownEnumDescriptions: setting.enumDescriptions }),
    ...(setting.minimum === undefined ? {} : { minimum: setting.minimum }),
    ...(setting.items === undefined ? {} : { items: setting.items }),
    ...(key === 'rules' ? { properties: ruleProperties(), additionalProperties: false } : {}),
  };
}

function ruleProperties(): object {
  return Object.fromEntries(
    rules.map(({ name, level, summary }) => [name, { enum: levels, default: level, markdownDescription: summary }]),
  );
}

function readme(current: string): string {
  return [
    ['settings', settingsTable()],
    ['rules', rulesTable('docs/rules.md')],
    ['help', `\`\`\`text\n$ layer-lens show --help\n${commandHelp(showCommand)}\`\`\``],
  ].reduce((text, [mark, body]) => between(text, mark!, body!), current);
}

/** Replaces what stands between a pair of comments. Throws where they are missing, since then nothing would ever be written. */
function between(text: string, mark: string, body: string): string {
  const [open, close] = [`<!-- generated: ${mark} -->`, `<!-- end: ${mark} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start === -1 || end < start) {
    throw new Error(`README.md has no ${open} … ${close}`);
  }
  return `${text.slice(0, start + open.length)}\n\n${body}\n\n${text.slice(end)}`;
}

function settingsTable(): string {
  const rows = Object.entries<Setting>(settings).map(([key, { default: value, description, enum: choices }]) => [
    `\`layerLens.${key}\``,
    `\`${JSON.stringify(value)}\``,
    choices ? `${description} One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.` : description,
  ]);
  return table(['Setting', 'Default', 'What it does'], rows);
}

function rulesTable(page: string): string {
  const rows = rules.map(({ name, level, summary }) => [`[\`${name}\`](${page}#${name})`, level, summary]);
  return table(['Rule', 'Level', 'What it tells'], rows);
}

/** As prettier lays tables out, so that a formatted file is an up-to-date one. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => columns(row[column]!))));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column]! - columns(cell))).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}

function rulesPage(): string {
  return (
    [
      '# Rules',
      'Made from the rules themselves; the examples below are run as tests. A rule is set to another level, or `off`, in the setting `layerLens.rules`, and silenced for one instruction by a comment above it: `# layer-lens ignore=NAME`.',
      rulesTable(''),
      ...rules.flatMap(ruleSection),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

function ruleSection({ name, level, needs, summary, why, examples }: Rule): string[] {
  const from = needs === 'image' ? 'measured layers' : 'the text alone';
  return [
    `## ${name}`,
    summary,
    `Level: ${level}. Told from ${from}.`,
    why,
    ...examples.flatMap(({ title, before, after }) => [
      `**${capital(title)}**`,
      fenced(before.replaceAll(/[«»]/g, '')),
      ...(after === undefined ? [] : ['becomes', fenced(after)]),
    ]),
  ];
}

function fenced(text: string): string {
  return `\`\`\`dockerfile\n${text.trimEnd()}\n\`\`\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
