/** The little of playwright-core that is used here. It is installed beside the VS Code server, not in the project. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Page {
  url(): string;
  goto(address: string): Promise<unknown>;
  exposeFunction(name: string, action: (...args: never[]) => unknown): Promise<void>;
  evaluate<Argument, Answer>(action: (argument: Argument) => Answer, argument: Argument): Promise<Awaited<Answer>>;
  screenshot(options: { path: string; clip?: Rectangle }): Promise<unknown>;
  locator(selector: string): Locator;
  context(): BrowserContext;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Locator {
  click(options: { timeout: number }): Promise<void>;
  first(): Locator;
  filter(options: { hasText: string }): Locator;
  boundingBox(): Promise<Rectangle | null>;
}

export interface BrowserContext {
  pages(): Page[];
  newPage(): Promise<Page>;
  newCDPSession(page: Page): Promise<{ send(method: string, params: object): Promise<{ readonly data?: string }> }>;
  close(): Promise<void>;
}

export interface Browser {
  contexts(): BrowserContext[];
  close(): Promise<void>;
}

export interface Playwright {
  readonly chromium: {
    launchPersistentContext(folder: string, options: object): Promise<BrowserContext>;
    connectOverCDP(address: string): Promise<Browser>;
  };
}

/** `home`: a folder with a node_modules that has it. */
export function loadPlaywright(home: string): Playwright {
  return createRequire(join(home, 'package.json'))('playwright-core') as Playwright;
}
