/** The suite's own small runner: one line per test, a picture of the screen for each that fails, counts on disk. */
import { join } from 'node:path';
import { writeResults } from './results.ts';
import type { Screen } from './screen.ts';

export interface Test {
  readonly name: string;
  readonly body: (screen: Screen) => Promise<void>;
  readonly seconds: number;
}

/** Tests share one window, one after the other. */
export function test(name: string, body: (screen: Screen) => Promise<void>, seconds = 45): Test {
  return { name, body, seconds };
}

export interface Run {
  readonly screen: Screen;
  /** Leaves the window as the next test wants to find it. */
  readonly tidy: () => Promise<void>;
  readonly outFolder: string;
  readonly resultsFile: string;
}

export async function runTests(tests: readonly Test[], { screen, tidy, outFolder, resultsFile }: Run): Promise<void> {
  let passed = 0;
  let failed = 0;
  for (const { name, body, seconds } of tests) {
    const started = Date.now();
    try {
      await withTimeout(body(screen), seconds);
      passed += 1;
      print(`✔ ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      failed += 1;
      print(`✘ ${name} (${Date.now() - started} ms)`);
      print(error instanceof Error ? (error.stack ?? error.message) : String(error));
      await screen.picture(join(outFolder, `failed-${name.replace(/\W+/g, '-')}.png`)).catch(() => undefined);
    }
    await withTimeout(tidy(), 20).catch((error: unknown) => print(`not tidy after ${name}: ${String(error)}`));
    writeResults(resultsFile, { passed, failed, complete: false });
  }
  writeResults(resultsFile, { passed, failed, complete: true });
  if (failed > 0) {
    throw new Error(`${failed} failed`);
  }
}

/** The mark tells the launcher which of the window's many lines are ours. */
export function print(text: string): void {
  console.log(text.replace(/^/gm, testMark));
}

export const testMark = '│ ';

async function withTimeout(work: Promise<void>, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${seconds} seconds`)), seconds * 1000);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
