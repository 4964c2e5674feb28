/** Whatever takes long can be stopped, by the request or by its progress, and by leaving. */
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RpcError } from '../support/lsp-client.ts';
import { allCapabilities, temporaryFolder, useServer } from './editor.ts';
import type { Editor, EditorDocument } from './editor.ts';

const openEditor = useServer();

/** An engine that hears everything and never answers. */
async function silentEngine(): Promise<{ readonly host: string; readonly asked: Promise<void> } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const path = join(folder, 'silent.sock');
  const sockets = new Set<Socket>();
  let heard: () => void;
  const asked = new Promise<void>((resolve) => (heard = resolve));
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => heard());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    asked,
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

const text = 'FROM scratch\nCOPY app /app\n';

async function openHanging(host: string, asVsCode = false): Promise<{ editor: Editor; document: EditorDocument }> {
  const settings = (): object => ({ autoPair: false });
  const editor = await openEditor({ env: { DOCKER_HOST: host }, settings, asVsCode });
  return { editor, document: editor.open('Dockerfile', text) };
}

async function codeOf(asked: Promise<unknown>): Promise<unknown> {
  return await asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof RpcError ? error.code : error),
  );
}

const requestCancelled = -32800;

test('cancelling the request stops the reading', async () => {
  await using engine = await silentEngine();
  const { editor, document } = await openHanging(engine.host);
  await using _ = editor;
  const params = {
    command: 'layerLens.server.measure',
    arguments: [{ uri: document.uri, source: 'docker-daemon:app' }],
  };
  const code = await codeOf(editor.client.request('workspace/executeCommand', params, { cancelAfter: 300 }));
  const from = editor.client.heard.length;
  await editor.execute('clear', { uri: document.uri });
  expect(code).toBe(requestCancelled);
  expect((await editor.status(document, 'unmeasured', Math.max(0, from - 3))).state).toBe('unmeasured');
});

test('cancelling the progress stops the reading', async () => {
  await using engine = await silentEngine();
  const { editor, document } = await openHanging(engine.host);
  await using _ = editor;
  const code = codeOf(document.measure('docker-daemon:app'));
  const { token } = (await editor.client.hear('window/workDoneProgress/create')) as { token: string };
  await editor.client.hear('$/progress');
  editor.client.notify('window/workDoneProgress/cancel', { token });
  expect(await code).toBe(requestCancelled);
});

test('lenses do not wait for an engine that hangs', async () => {
  await using engine = await silentEngine();
  const { editor, document } = await openHanging(engine.host);
  await using _ = editor;
  const code = codeOf(document.measure('docker-daemon:app'));
  await engine.asked;
  const asked = performance.now();
  expect(await document.lenses()).toContain('not measured yet');
  expect(performance.now() - asked).toBeLessThan(1_000);
  document.close();
  expect(await code).toBe(requestCancelled);
});

test('a second measuring takes the place of the first', async () => {
  await using engine = await silentEngine();
  const { editor, document } = await openHanging(engine.host);
  await using _ = editor;
  const first = codeOf(document.measure('docker-daemon:app'));
  await engine.asked;
  const second = codeOf(document.measure('docker-archive:none.tar'));
  expect([await first, await second]).toEqual([requestCancelled, -32803]);
  await editor.status(document, 'failed');
});

test('a server that is reading shuts down at once', async () => {
  await using engine = await silentEngine();
  const { editor, document } = await openHanging(engine.host);
  await using _ = editor;
  const code = codeOf(document.measure('docker-daemon:app'));
  await engine.asked;
  const asked = performance.now();
  await editor.client.request('shutdown', null);
  editor.client.notify('exit', null);
  expect(await editor.client.exited).toBe(0);
  expect(performance.now() - asked).toBeLessThan(3_000);
  await code.catch(() => undefined);
});

test('a server whose editor is gone ends by itself', async () => {
  await using editor = await openEditor();
  editor.open('Dockerfile', text);
  editor.client.process.stdin.end();
  expect(await editor.client.exited).toBe(1);
});

test('a client without progress measures all the same', async () => {
  await using engine = await silentEngine();
  await using editor = await openEditor({
    env: { DOCKER_HOST: engine.host },
    capabilities: { ...allCapabilities, window: {} },
    settings: () => ({ autoPair: false }),
  });
  const document = editor.open('Dockerfile', text);
  const code = codeOf(document.measure('docker-daemon:app'));
  await engine.asked;
  document.close();
  expect(await code).toBe(requestCancelled);
  expect(editor.client.heard.some(({ method }) => method.includes('rogress'))).toBe(false);
});
