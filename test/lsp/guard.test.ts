/** A bug stops one request, and is told so that it can be found. */
import { CancellationTokenSource, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { createGuard } from '../../server/src/lsp/guard.ts';

interface Ending {
  readonly answer: unknown;
  readonly log: string;
}

async function run(handler: (signal: AbortSignal) => unknown, cancelFirst = false): Promise<Ending> {
  const log: string[] = [];
  const source = new CancellationTokenSource();
  const answering = createGuard((text) => log.push(text)).request<undefined, unknown>(
    'textDocument/hover',
    'broken',
    (_, signal) => handler(signal),
  );
  if (cancelFirst) {
    source.cancel();
  }
  return { answer: await answering(undefined, source.token), log: log.join('\n') };
}

function codeOf({ answer }: Ending): unknown {
  return answer instanceof ResponseError ? answer.code : answer;
}

test('an answer goes through', async () => {
  expect(await run(() => 42)).toEqual({ answer: 42, log: '' });
});

test('a bug is logged with what a report needs, and the request gets an empty answer', async () => {
  const { answer, log } = await run(() => {
    throw new TypeError('span of undefined');
  });
  expect(answer).toBe('broken');
  expect(log).toMatch(/^Layer Lens \d+\.\d+\.\d+ met a bug in textDocument\/hover \(node \d+/);
  expect(log).toContain('TypeError: span of undefined');
  expect(log).toContain('guard.test.ts');
});

test('an answer to a cancelled request is not sent', async () => {
  expect(codeOf(await run(() => 42, true))).toBe(LSPErrorCodes.RequestCancelled);
});

test('what fails because it was cancelled is no bug', async () => {
  const ending = await run((signal) => signal.throwIfAborted(), true);
  expect([codeOf(ending), ending.log]).toEqual([LSPErrorCodes.RequestCancelled, '']);
});

test('a sentence for people is the answer', async () => {
  const sentence = new ResponseError(LSPErrorCodes.RequestFailed, 'No engine.');
  expect(await run(() => Promise.reject(sentence))).toEqual({ answer: sentence, log: '' });
});

test('the same bug is told once', async () => {
  const log: string[] = [];
  const guard = createGuard((text) => log.push(text));
  const bug = new Error('boom');
  for (const error of [bug, bug, new Error('bang')]) {
    guard.work('a timer', () => Promise.reject(error));
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(log.map((text) => /Error: (\w+)/.exec(text)?.[1])).toEqual(['boom', 'bang']);
});

test('work that nobody waits for is guarded too', async () => {
  const log: string[] = [];
  const guard = createGuard((text) => log.push(text));
  guard.work('a timer', () => {
    throw new Error('boom');
  });
  guard.work('a promise', () => Promise.reject(new Error('bang')));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(log.map((text) => /bug in ([a-z ]+) \(/.exec(text)?.[1])).toEqual(['a timer', 'a promise']);
});
