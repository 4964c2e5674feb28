/**
 * A VS Code for machines without a desktop one: takes the arguments of the `code` program, starts VS Code's server and
 * a headless Chromium showing its workbench, and ends with the exit code of the tests.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadPlaywright, type Page } from './playwright.ts';
import { testMark } from './runner.ts';
import { findServerHome, freePort, recordGroup, stopGroup } from './editor-program.ts';

interface EditorArguments {
  readonly opened: string;
  readonly extension: string;
  readonly tests: string | undefined;
  readonly userData: string;
  readonly debuggingPort: string | undefined;
}

export async function runBrowserEditor(args: readonly string[]): Promise<number> {
  const project = resolve(__dirname, '..');
  const home = findServerHome(project);
  if (!home) {
    throw new Error('no VS Code server: run .ci/vscode-server install');
  }
  const editor = readArguments(args);
  const port = await freePort();
  const log = join(editor.userData, 'server.log');
  mkdirSync(editor.userData, { recursive: true });
  const output = openSync(log, 'a');
  const trust = process.env['E2E_WORKSPACE_TRUST'] ? [] : ['--disable-workspace-trust'];
  const server = spawn(join(project, '.ci/vscode-server'), ['run', String(port), editor.userData, ...trust], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  const leader = server.pid;
  if (leader === undefined) {
    throw new Error('the VS Code server did not start');
  }
  recordGroup(process.env['E2E_STATE'] ?? editor.userData, leader);
  const stopped = untilAskedToStop();
  try {
    return await Promise.race([stopped, showWorkbench(editor, home, port, log)]);
  } finally {
    await stopGroup(leader);
  }
}

/** Opens the workbench and waits for the tests inside to end. */
async function showWorkbench(editor: EditorArguments, home: string, port: number, log: string): Promise<number> {
  await untilAnswers(port, log);
  const browser = await loadPlaywright(home).chromium.launchPersistentContext(join(editor.userData, 'chromium'), {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 2,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(editor.debuggingPort ? [`--remote-debugging-port=${editor.debuggingPort}`] : []),
    ],
  });
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const ended = untilTestsEnd(page);
    await page.goto(workbenchAddress(editor, port));
    return await ended;
  } finally {
    await browser.close();
  }
}

async function untilTestsEnd(page: Page): Promise<number> {
  await page.exposeFunction('codeAutomationLog', (level: string, args: readonly unknown[]) => printLog(level, args));
  return await new Promise((resolveExit, reject) => {
    page.exposeFunction('codeAutomationExit', (code: number) => resolveExit(code)).catch(reject);
  });
}

/** The window's own chatter is left out. */
function printLog(_level: string, args: readonly unknown[]): void {
  const text = args.map(String).join(' ');
  if (text.startsWith(testMark)) {
    console.log(text);
  }
}

function workbenchAddress(editor: EditorArguments, port: number): string {
  const remote = (path: string): string => `vscode-remote://localhost:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(editor.extension)],
    ...(editor.tests ? [['extensionTestsPath', remote(editor.tests)]] : []),
    ['skipWelcome', 'true'],
  ];
  const kind = editor.opened.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [kind]: editor.opened, payload: JSON.stringify(payload) });
  return `http://localhost:${port}/?${query.toString()}`;
}

function readArguments(args: readonly string[]): EditorArguments {
  const flag = (name: string): string | undefined =>
    args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const opened = args.find((argument) => !argument.startsWith('-'));
  const extension = flag('extensionDevelopmentPath');
  const userData = flag('user-data-dir');
  if (!opened || !extension || !userData) {
    throw new Error('needs a folder, --extensionDevelopmentPath and --user-data-dir');
  }
  return {
    opened,
    extension,
    userData,
    tests: flag('extensionTestsPath'),
    debuggingPort: flag('remote-debugging-port'),
  };
}

async function untilAnswers(port: number, log: string): Promise<void> {
  for (let round = 0; round < 150; round += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/version`);
      return;
    } catch {
      await delay(200);
    }
  }
  throw new Error(`the VS Code server does not answer:\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

/** By a signal, or by the end of whoever started us: our standard input is a pipe from there. */
async function untilAskedToStop(): Promise<number> {
  return await new Promise((resolveExit) => {
    process.once('SIGINT', () => resolveExit(130));
    process.once('SIGTERM', () => resolveExit(143));
    process.stdin.resume();
    process.stdin.once('end', () => resolveExit(129));
  });
}
