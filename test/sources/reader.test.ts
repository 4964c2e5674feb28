/** The reader's thread: what it answers, how it is stopped, and what is said when it dies. */
import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReader } from '../../server/src/sources/read-in-worker.ts';
import type { ReadProgress } from '../../server/src/sources/source.ts';
import { fixture } from './layouts.ts';
import { failureOf, read, readOptions, scratch, type Scratch } from './read.ts';

let temporary: Scratch;
let workerPath: string;

beforeAll(async () => {
  temporary = scratch();
  workerPath = join(temporary.folder, 'reader.js');
  await build({
    entryPoints: [join(import.meta.dirname, '../../server/src/sources/reader.ts')],
    outfile: workerPath,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
});

afterAll(() => temporary[Symbol.dispose]());

const never = new AbortController().signal;

test('the same facts as without a thread, and several at once', async () => {
  await using reader = createReader({ workerPath });
  const names = ['graph-save.tar', 'oci-zstd.tar', 'containerd-save.tar', 'oci-gzip.tar'];
  const there = await Promise.all(names.map((name) => reader.read(fixture(name), readOptions, never)));
  expect(there).toEqual(await Promise.all(names.map((name) => read(fixture(name)))));
});

test('notes and progress come back', async () => {
  await using reader = createReader({ workerPath });
  const notes: string[] = [];
  const progress: ReadProgress[] = [];
  const options = {
    ...readOptions,
    note: (sentence: string) => void notes.push(sentence),
    progress: (told: ReadProgress) => void progress.push(told),
  };
  await reader.read(fixture('platforms.tar'), options, never);
  expect(notes).toEqual([expect.stringContaining('linux/amd64 is shown because none was asked for')]);
  expect(progress[0]).toEqual({
    what: fixture('platforms.tar'),
    done: expect.any(Number) as number,
    total: expect.any(Number) as number,
  });
});

test('errors keep their kind and their hint', async () => {
  await using reader = createReader({ workerPath });
  expect(await failureOf(reader.read('/nowhere.tar', readOptions, never))).toBe(
    'not-found: There is no /nowhere.tar. | Check the path. For an image of the engine write docker-daemon:nowhere.tar.',
  );
});

describe('cancelling', () => {
  test('before and while it reads, and the reader still works after it', async () => {
    await using reader = createReader({ workerPath });
    expect(await failureOf(reader.read(fixture('graph-save.tar'), readOptions, AbortSignal.abort()))).toMatch(
      /^cancelled: /,
    );
    const controller = new AbortController();
    const running = failureOf(reader.read(fixture('graph-save.tar'), readOptions, controller.signal));
    controller.abort();
    expect(await running).toMatch(/^cancelled: /);
    expect((await reader.read(fixture('graph-save.tar'), readOptions, never)).netBytes).toBe(6592);
  });
  test('closing ends what runs', async () => {
    const reader = createReader({ workerPath });
    const running = failureOf(reader.read(fixture('graph-save.tar'), readOptions, never));
    await reader.close();
    expect(await running).toMatch(/^cancelled: /);
    expect(await failureOf(reader.read(fixture('graph-save.tar'), readOptions, never))).toMatch(/^cancelled: /);
  });
});

test('a thread that dies is told, and the next read starts another', async () => {
  const dying = join(temporary.folder, 'dying.js');
  writeFileSync(
    dying,
    "require('node:worker_threads').parentPort.on('message', () => { throw new Error('out of luck'); });",
  );
  await using reader = createReader({ workerPath: dying });
  const failures = [await once(reader), await once(reader)];
  expect(failures).toEqual(Array(2).fill('unreachable: The reader stopped: out of luck. | Measure the image again.'));
});

test('a thread that is not there', async () => {
  await using reader = createReader({ workerPath: join(temporary.folder, 'missing.js') });
  expect(await once(reader)).toMatch(/^unreachable: The reader stopped: /);
});

test('an idle thread ends and is started again', async () => {
  await using reader = createReader({ workerPath, idleMilliseconds: 1 });
  const first = await reader.read(fixture('graph-save.tar'), readOptions, never);
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  expect(await reader.read(fixture('graph-save.tar'), readOptions, never)).toEqual(first);
});

function once(reader: ReturnType<typeof createReader>): Promise<string> {
  return failureOf(reader.read(fixture('graph-save.tar'), readOptions, never));
}
