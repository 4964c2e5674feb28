/** What a person sees and does: the window's DOM read as text, its keys pressed, its picture taken. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { loadPlaywright, type Page } from './playwright.ts';
import {
  readDialogPath,
  readEditor,
  readFocus,
  readHover,
  readInspectedToken,
  readNotifications,
  readPicks,
  readStatus,
} from './window.ts';

export interface Screen {
  /** The visible lines of the active editor, each lens on a line of its own above what it stands over, marked with `»`. */
  editor(): Promise<string>;
  /** Text and accessible name of our status bar item; undefined while it is hidden. */
  status(): Promise<{ readonly text: string; readonly label: string } | undefined>;
  /** Messages in the open notification center with the labels of their buttons: `message [Button] [Button]`. */
  notifications(): Promise<string[]>;
  /** Entries of the open quick pick. */
  picks(): Promise<string[]>;
  /** What stands in VS Code's own file dialog. */
  dialogPath(): Promise<string>;
  /** Text of the hover on screen. */
  hover(): Promise<string>;
  /** The token VS Code's scope inspector is on and its innermost scope: `RUN keyword.other.…`. */
  inspectedToken(): Promise<string>;
  /** Accessible name of what has the keyboard. */
  focus(): Promise<string>;
  press(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Clicks what a CSS selector finds, the one with this text. */
  click(selector: string, text: string): Promise<void>;
  picture(file: string): Promise<void>;
  /** The editor alone, in a window of this size, in twice as many pixels. */
  editorPicture(file: string, size: { readonly width: number; readonly height: number }): Promise<void>;
  close(): Promise<void>;
}

export async function connectScreen(playwrightHome: string, debuggingPort: string): Promise<Screen> {
  const browser = await loadPlaywright(playwrightHome).chromium.connectOverCDP(`http://127.0.0.1:${debuggingPort}`);
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((candidate) => /^(http|vscode-file):/.test(candidate.url()));
  if (!page) {
    throw new Error('the window is not among the pages of the browser');
  }
  return {
    editor: () => read(page, readEditor),
    status: () => read(page, readStatus),
    notifications: () => read(page, readNotifications),
    picks: () => read(page, readPicks),
    dialogPath: () => read(page, readDialogPath),
    hover: () => read(page, readHover),
    inspectedToken: () => read(page, readInspectedToken),
    focus: () => read(page, readFocus),
    async press(...keys) {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
    },
    type: (text) => page.keyboard.type(text),
    click: (selector, text) => page.locator(selector).filter({ hasText: text }).first().click({ timeout: 10_000 }),
    async picture(file) {
      await page.screenshot({ path: file });
    },
    async editorPicture(file, size) {
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 2, mobile: false });
      // The workbench lays itself out anew.
      await delay(1000);
      const editor = await page.locator('.editor-group-container.active .editor-instance').first().boundingBox();
      const shot = { format: 'png', ...(editor && { clip: { ...editor, scale: 1 } }) };
      writeFileSync(file, Buffer.from((await session.send('Page.captureScreenshot', shot)).data ?? '', 'base64'));
    },
    close: () => browser.close(),
  };
}

async function read<Answer>(page: Page, reader: () => Answer): Promise<Awaited<Answer>> {
  return await page.evaluate(reader, undefined);
}
