/** One start of a real VS Code with the suite in it: what the launcher of the tests and the taker of the README's picture share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { runBrowserEditor } from './browser-editor.ts';
import { findServerHome, freePort, stopRecorded, writeEditorProgram } from './editor-program.ts';
import { readResults, type Results } from './results.ts';

export interface EditorRun {
  /** Which tests the suite runs. */
  readonly scenario: 'trusted' | 'restricted' | 'picture';
  /** Part of the names of the tests to run; empty: all. */
  readonly filter: string;
  readonly minutes: number;
  /** True: with VS Code's workspace trust, and nothing trusted. */
  readonly restricted: boolean;
  readonly outFolder: string;
  /** Everything of this start is in here and is removed afterwards: it must be new. Default: a folder of its own. */
  readonly state?: string;
  /** Makes what the window opens, a folder or a `.code-workspace` file, in the state folder. */
  readonly workspace: (state: string) => string;
}

/** Bundles are in dist/. */
export const project = resolve(__dirname, '..');

/** Where the parts of the VS Code server are; undefined: a desktop VS Code is used. */
export function serverHome(): string | undefined {
  return process.env['VSCODE_PATH'] ? undefined : findServerHome(project);
}

/** Starts, waits for the suite's end, and stops everything that was started, however it ended. */
export async function runInEditor(run: EditorRun): Promise<Results> {
  const state = run.state ?? mkdtempSync(join(tmpdir(), 'layer-lens-e2e-'));
  const resultsFile = join(run.outFolder, `results-${run.scenario}.json`);
  // The editor is asked to stop as Ctrl+C would ask it; runTests hands that on and ends.
  const interrupted = (): void => console.log(`${run.scenario}: interrupted`);
  process.on('SIGINT', interrupted);
  const timer = setTimeout(() => {
    console.log(`${run.scenario}: not done after ${run.minutes} minutes`);
    process.emit('SIGINT');
  }, run.minutes * 60_000);
  try {
    await start(run, state, resultsFile);
  } catch (error) {
    console.log(`${run.scenario}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupted);
    await stopRecorded(state);
    rmSync(state, { recursive: true, force: true, maxRetries: 5 });
  }
  return readResults(resultsFile);
}

async function start(run: EditorRun, state: string, resultsFile: string): Promise<void> {
  const home = serverHome();
  const program = home ? writeEditorProgram(state, __filename) : process.env['VSCODE_PATH'];
  const port = await freePort();
  await runTests({
    ...(program && { vscodeExecutablePath: program }),
    extensionDevelopmentPath: process.env['E2E_EXTENSION'] ?? project,
    extensionTestsPath: join(project, 'dist/e2e-suite.js'),
    launchArgs: [
      run.workspace(state),
      `--user-data-dir=${join(state, 'user')}`,
      `--extensions-dir=${join(state, 'extensions')}`,
      `--remote-debugging-port=${port}`,
    ],
    extensionTestsEnv: {
      ...(run.restricted && { E2E_WORKSPACE_TRUST: 'on' }),
      E2E_SCENARIO: run.scenario,
      E2E_FILTER: run.filter,
      E2E_DEBUGGING_PORT: String(port),
      E2E_OUT: run.outFolder,
      E2E_RESULTS: resultsFile,
      E2E_PLAYWRIGHT_HOME: home ?? project,
      E2E_STATE: state,
      E2E_IMAGE: imageTag,
    },
  });
}

/** Tag of the images that tests build, so that the launcher can remove what an interrupted test left. */
export const imageTag = `layer-lens-e2e:${process.pid}`;

/** The entry of a bundle: @vscode/test-electron starts the same file again, with this flag, as the editor. */
export function runProgram(program: (args: readonly string[]) => Promise<number>): void {
  const [first, ...rest] = process.argv.slice(2);
  const ended = first === '--as-editor' ? runBrowserEditor(rest) : program(process.argv.slice(2));
  ended.then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
