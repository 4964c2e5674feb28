/** The editor tests, as VS Code's extension host starts them: `run` ends when the last one has. */
import * as vscode from 'vscode';
import { print, runTests, type Test } from './runner.ts';
import { connectScreen } from './screen.ts';
import { environment, outFolder, tidy } from './steps.ts';
import { editTests } from './tests/edits.ts';
import { engineTests } from './tests/engine.ts';
import { failureTests } from './tests/failures.ts';
import { languageTests } from './tests/languages.ts';
import { lookTests } from './tests/looks.ts';
import { measureTests } from './tests/measuring.ts';
import { pictureTests } from './tests/picture.ts';
import { restrictedTests } from './tests/restricted.ts';
import { surfaceTests } from './tests/surfaces.ts';
import { wakingTests } from './tests/waking.ts';

/** By the launcher's name of the window. Waking comes first: what is awake does not fall asleep again. */
const tests: Readonly<Record<string, readonly Test[]>> = {
  trusted: [
    wakingTests,
    measureTests,
    editTests,
    surfaceTests,
    failureTests,
    engineTests,
    languageTests,
    lookTests,
  ].flat(),
  restricted: restrictedTests,
  picture: pictureTests,
};

export async function run(): Promise<void> {
  try {
    await runScenario();
  } catch (error) {
    print(String(error));
    throw error;
  }
}

async function runScenario(): Promise<void> {
  const screen = await connectScreen(environment('E2E_PLAYWRIGHT_HOME'), environment('E2E_DEBUGGING_PORT'));
  try {
    await quietWindow();
    const filter = environment('E2E_FILTER');
    const chosen = (tests[environment('E2E_SCENARIO')] ?? []).filter(({ name }) => name.includes(filter));
    await runTests(chosen, { screen, tidy: () => tidy(screen), outFolder, resultsFile: environment('E2E_RESULTS') });
  } finally {
    await screen.close();
  }
}

/** Nothing on the screen but what the tests are about. */
async function quietWindow(): Promise<void> {
  const settings: Readonly<Record<string, unknown>> = {
    'workbench.startupEditor': 'none',
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.tips.enabled': false,
    'chat.disableAIFeatures': true,
    'editor.minimap.enabled': false,
    'editor.stickyScroll.enabled': false,
    'editor.hover.above': false,
    'files.simpleDialog.enable': true,
    'files.autoSave': 'off',
    'extensions.ignoreRecommendations': true,
  };
  for (const [key, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  }
  for (const command of [
    'workbench.action.closeSidebar',
    'workbench.action.closeAuxiliaryBar',
    'workbench.action.closePanel',
    'workbench.action.closeAllEditors',
  ]) {
    await vscode.commands.executeCommand(command);
  }
}
