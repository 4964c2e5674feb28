/** Starts the language server on whatever the command line names: `--stdio`, `--node-ipc`, `--pipe=…` or `--socket=…`. */
import { ProposedFeatures, createConnection } from 'vscode-languageserver/node';
import { bugReport } from './guard.ts';
import { startServer } from './server.ts';

const transports = /^--(stdio|node-ipc|pipe|socket)(=|$)/;

if (process.argv.some((argument) => transports.test(argument))) {
  start();
} else {
  process.stderr.write(
    'The Layer Lens language server speaks LSP: start it with --stdio, --node-ipc, --pipe=NAME or --socket=PORT.\n',
  );
  process.exitCode = 2;
}

function start(): void {
  const connection = createConnection(ProposedFeatures.all);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      // Nobody is left to talk to.
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') {
        process.exit(1);
      }
      connection.console.error(bugReport('the background', error));
    });
  }
  // A copy: the environment itself cannot be sent to the thread that reads images.
  startServer(connection, { env: { ...process.env }, paths: process.platform === 'win32' ? 'windows' : 'posix' });
}
