#!/usr/bin/env node
/** The command line, `layer-lens`. The only place where a command's failure becomes words and an exit code. */
import { issuesLink } from '../render/links.ts';
import { SourceError } from '../sources/source.ts';
import { exitCodes, type Command } from './command.ts';
import { commandHelp, generalHelp } from './help.ts';
import { lspCommand } from './lsp.ts';
import { nearest } from './nearest.ts';
import { readOptions } from './options.ts';
import { showCommand } from './show.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

const commands: readonly Command[] = [showCommand, lspCommand];

void start(process.argv.slice(2));

async function start(args: readonly string[]): Promise<void> {
  const terminal = openTerminal(process.stdout, process.stderr, process.env);
  const stop = new AbortController();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads has seen enough (`| head`): the quiet end of a pipe.
    process.exit(error.code === 'EPIPE' ? exitCodes.fine : exitCodes.unanswered);
  });
  process.once('SIGINT', () => {
    stop.abort();
    terminal.quiet();
    process.exit(exitCodes.interrupted);
  });
  // Sockets and workers must not keep a finished command alive.
  process.exit(await runTold(args, terminal, stop.signal));
}

async function runTold(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  try {
    return await run(args, terminal, signal);
  } catch (error) {
    terminal.quiet();
    tell(error, terminal);
    return exitCodes.unanswered;
  }
}

async function run([name, ...args]: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && args[0] === undefined)) {
    await terminal.print(generalHelp(commands));
    return exitCodes.fine;
  }
  if (name === '--version' || name === '-v' || name === '-V') {
    await terminal.print(`${version}\n`);
    return exitCodes.fine;
  }
  if (name === 'help') {
    await terminal.print(commandHelp(findCommand(args[0]!)));
    return exitCodes.fine;
  }
  const command = findCommand(name);
  if (args.includes('--help') || args.includes('-h')) {
    await terminal.print(commandHelp(command));
    return exitCodes.fine;
  }
  return await command.run(readOptions(args, command.options, command.name), terminal, signal);
}

function findCommand(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command) {
    return command;
  }
  const names = commands.map((each) => each.name);
  const meant = nearest(name, names);
  const word = name.startsWith('-') ? 'option' : 'command';
  throw new UsageError(
    `unknown ${word} ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    word === 'option'
      ? `Options follow a command: layer-lens ${names[0]} ${name}`
      : `Commands: ${names.join(', ')}. See layer-lens --help.`,
  );
}

function tell(error: unknown, terminal: Terminal): void {
  if (error instanceof UsageError || error instanceof SourceError) {
    terminal.note(`layer-lens: ${error.message}`);
    if (error.hint !== undefined) {
      terminal.note(error.hint);
    }
    return;
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const where = `layer-lens ${version}, node ${process.version}, ${process.platform} ${process.arch}`;
  terminal.note(`layer-lens: a mistake of ours, ${name}: ${message} (${where}). Please report it: ${issuesLink}`);
  if (terminal.env['LAYER_LENS_DEBUG']) {
    terminal.note(stack ?? '');
  }
}
