/** The help texts, made from the commands' own tables. */
import type { Command } from './command.ts';
import type { Option } from './options.ts';

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Layer Lens: what every line of a Dockerfile put into the image.',
    '',
    'Usage: layer-lens COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Examples:',
    ...commands.flatMap(({ examples }) => exampleLines(examples.slice(0, 2))),
    '',
    'Every command explains itself: layer-lens COMMAND --help. Also: --version.',
    'Exit codes: 0 fine; 1 something at or above --fail-on; 2 the question could not be answered.',
    '',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, help: { short: 'h', help: 'Print this.' } satisfies Option });
  const heads = options.map(([name, option]) => optionHead(name, option));
  const width = Math.max(...heads.map((head) => head.length));
  return [
    `Usage: layer-lens ${command.name}${command.usage === '' ? '' : ` ${command.usage}`}`,
    '',
    ...wrap(command.summary, '', 78),
    '',
    'Examples:',
    ...exampleLines(command.examples),
    '',
    'Options:',
    ...options.flatMap(([, option], index) => {
      const [first, ...rest] = wrap(optionHelp(option), ' '.repeat(width + 4), 90);
      return [`  ${heads[index]!.padEnd(width)}  ${first!.trimStart()}`, ...rest];
    }),
    '',
  ].join('\n');
}

function exampleLines(examples: Command['examples']): string[] {
  return examples.flatMap(({ line, what }) => [`  # ${what}`, `  ${line}`]);
}

function optionHead(name: string, { short, value, alias }: Option): string {
  const spelled = [`--${name}`, ...(alias === undefined ? [] : [`--${alias}`])].join(', ');
  return `${short === undefined ? '    ' : `-${short}, `}${spelled}${value === undefined ? '' : ` ${value}`}`;
}

function optionHelp({ help, choices }: Option): string {
  return choices ? `${help} One of ${choices.join(', ')}.` : help;
}

function wrap(text: string, indent: string, width: number): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
