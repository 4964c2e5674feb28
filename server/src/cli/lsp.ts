/** `layer-lens lsp`: the language server, for editors that start it themselves. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SourceError } from '../sources/source.ts';
import type { Command } from './command.ts';
import { seeHelp } from './options.ts';
import { UsageError } from './usage-error.ts';

export const lspCommand: Command = {
  name: 'lsp',
  summary: 'Serve the Language Server Protocol on standard input and output, for any editor.',
  usage: '--stdio',
  examples: [
    {
      line: 'layer-lens lsp --stdio',
      what: 'what an editor starts; README.md has the lines for Neovim, Helix and Emacs',
    },
  ],
  options: {
    stdio: { help: 'Speak over standard input and output. The only way, and the default.' },
  },
  async run({ positionals }) {
    if (positionals.length > 0) {
      throw new UsageError(`lsp takes no argument, and was given "${positionals[0]}"`, seeHelp('lsp'));
    }
    // Not an import: the two are bundles of their own, side by side, and this one must not carry the other.
    const server = join(__dirname, 'server.js');
    await access(server).catch((cause: unknown) => {
      throw new SourceError('not-found', `the language server is missing: ${server}`, {
        hint: 'Install layer-lens again.',
        cause,
      });
    });
    if (!process.argv.includes('--stdio')) {
      process.argv.push('--stdio');
    }
    await import(pathToFileURL(server).href);
    // The server ends the process when its client does.
    return await new Promise<never>(() => undefined);
  },
};
