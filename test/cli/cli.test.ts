/** The command line as people start it: a process, its output, its exit code. No engine is asked. */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClient } from '../support/lsp-client.ts';
import { writeArchive } from '../support/image-archive.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
let cli: string;

const dockerfile = 'FROM scratch\nCOPY big /big\nENV A=1\nRUN tidy\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-cli-'));
  const outdir = join(folder, 'dist');
  cli = join(outdir, 'cli.js');
  await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'server/src/cli/main.ts',
      server: 'server/src/lsp/main.ts',
      reader: 'server/src/sources/reader.ts',
    },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  await writeFile(join(folder, 'broken'), 'FROM scratch\nRUNN x\n');
  await writeFile(join(folder, 'junk.tar'), 'this is no image\n'.repeat(100));
  await writeArchive(join(folder, 'app.tar'), [
    { createdBy: 'COPY big /big # buildkit', files: { big: 61_200, etc: 800 } },
    { createdBy: 'ENV A=1' },
    { createdBy: 'RUN /bin/sh -c tidy # buildkit', files: {} },
  ]);
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly in?: string;
  readonly uid?: number;
}

/** An environment without an engine, without colours, and with a cache of its own. */
function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, LAYER_LENS_CACHE: join(folder, 'cache'), DOCKER_HOST: 'unix:///nowhere/docker.sock', ...extra };
}

async function run(line: string, { stdin, env, in: below = '.', uid }: Started = {}): Promise<Ended> {
  const args = line.split(' ').filter((word) => word !== '');
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: join(folder, below),
    env: environment(env),
    ...(uid === undefined ? {} : { uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(stdin);
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

test('show prints the Dockerfile here with its sizes', async () => {
  const { code, stdout, stderr } = await run('show --image docker-archive:app.tar');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').slice(0, 7)).toEqual([
    '                    1│ FROM scratch',
    '   62 kB ██████████ 2│ COPY big /big',
    '                    3│ ENV A=1',
    '     0 B            4│ RUN tidy',
    '',
    '62 kB in 2 layers',
    '62 kB in the final file system · 0 B dead (overwritten or deleted by a later layer) · 65.5 kB as stored',
  ]);
});

test('an archive that may not be read says so, and what to do', async () => {
  const closed = join(folder, 'closed.tar');
  await writeFile(closed, 'nobody may read this', { mode: 0o000 });
  // Root may read everything, so the command runs as somebody else.
  await chmod(folder, 0o755);
  const ended = await run('show --image docker-archive:closed.tar', process.getuid?.() === 0 ? { uid: 65_534 } : {});
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /closed\.tar may not be read\.\n.*Change its permissions, or read it as a user who may\./,
    ),
  });
});

test('a bare path is an image too, and standard input a Dockerfile', async () => {
  const { code, stdout } = await run('show -f - --image app.tar --format json', { stdin: dockerfile });
  const report = JSON.parse(stdout) as { dockerfile: string; image: { bytes: unknown; matches: string } };
  expect(code).toBe(0);
  expect(report.dockerfile).toBe('-');
  expect(report.image.bytes).toEqual({ unpacked: 62_000, stored: expect.anything(), net: 62_000, dead: 0 });
  expect(report.image.matches).toBe('exact');
});

test('without an image and without an engine the static part is there, and no complaint', async () => {
  const { code, stdout, stderr } = await run('show');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('  layer 2│ COPY big /big\n');
  expect(stdout).toContain('2 layers of its own · not measured');
});

test.each([
  ['show -f broken', 0],
  ['show -f broken --fail-on error', 1],
  ['show --fail-on hint', 0],
  ['show --image app.tar --fail-on info', 0],
])('%s exits with %i', async (line, code) => {
  expect((await run(line)).code).toBe(code);
});

test('a problem stands at its place', async () => {
  expect((await run('show -f broken')).stdout).toMatch(/^broken:2:1: error: .+ \[parse\]$/m);
});

test.each([
  ['shw', 'unknown command shw; did you mean show?'],
  ['--format json', 'unknown option --format'],
  ['show --imgae app.tar', 'unknown option --imgae; did you mean --image?'],
  ['show --image --target x', '--image needs a value: --image SOURCE'],
  ['show --image=', '--image needs a value: --image SOURCE'],
  ['show --no-color=yes', '--no-color takes no value'],
  ['show --format jsn', '--format cannot be "jsn"; did you mean "json"?'],
  ['show --fail-on loud', '--fail-on cannot be "loud"'],
  ['show -f a -f b', '-f is given twice'],
  ['show Dockerfile', 'show takes no argument, and was given "Dockerfile"'],
  ['show --platform linux', '--platform linux is no platform'],
  ['show --build-arg =x', '--build-arg =x has no name'],
  ['show -f missing', 'missing does not exist'],
  ['show -f empty', 'empty is a folder'],
  ['lsp now', 'lsp takes no argument, and was given "now"'],
])('%s: what is wrong and what to do, in two lines, exit 2', async (line, sentence) => {
  const { code, stdout, stderr } = await run(line);
  expect([code, stdout]).toEqual([2, '']);
  const [first, second, ...rest] = stderr.trimEnd().split('\n');
  expect(first).toBe(`layer-lens: ${sentence}`);
  expect(second).toMatch(/\.$|^Options follow/);
  expect(rest).toEqual([]);
});

test.each([
  'show --image docker-archive:none.tar',
  'show --image docker-archive:junk.tar',
  'show --image docker-daemon:app:1',
])('%s: one sentence and no stack trace, exit 2', async (line) => {
  const { code, stdout, stderr } = await run(line);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^layer-lens: .+\n/);
  expect(stderr).not.toMatch(/^\s+at |node:internal|undefined/m);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
});

test('no Dockerfile here', async () => {
  const { code, stderr } = await run('show', { in: 'empty' });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^layer-lens: there is no Dockerfile or Containerfile in .+\nName one with -f FILE/);
});

test('a Containerfile is found where there is no Dockerfile', async () => {
  await mkdir(join(folder, 'podman'), { recursive: true });
  await writeFile(join(folder, 'podman', 'Containerfile'), 'FROM scratch\n');
  expect(JSON.parse((await run('show --format json', { in: 'podman' })).stdout)).toMatchObject({
    dockerfile: 'Containerfile',
  });
});

test('colours only where they are asked for', async () => {
  const line = 'show --image app.tar';
  const coloured = async (more: string, env: NodeJS.ProcessEnv) =>
    (await run(line + more, { env })).stdout.includes('\u001b');
  expect(await coloured('', {})).toBe(false);
  expect(await coloured('', { FORCE_COLOR: '1' })).toBe(true);
  expect(await coloured('', { FORCE_COLOR: '0' })).toBe(false);
  expect(await coloured('', { NO_COLOR: '1' })).toBe(false);
  expect(await coloured(' --no-color', { FORCE_COLOR: '1' })).toBe(false);
});

test('help teaches by example, also behind the command, and the version is that of the package', async () => {
  const general = await run('--help');
  expect([general.code, general.stdout]).toEqual([0, (await run('')).stdout]);
  const show = await run('show --help');
  expect(show.stdout).toContain('layer-lens show --image docker-archive:app.tar');
  expect((await run('help show')).stdout).toBe(show.stdout);
  expect(show.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a reader that has seen enough ends the command quietly', async () => {
  await writeFile(join(folder, 'long'), `FROM scratch\n${'RUN x\n'.repeat(50_000)}`);
  const child = spawn(process.execPath, [cli, 'show', '-f', 'long'], { cwd: folder, env: environment() });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect([code, stderr]).toEqual([0, '']);
});

test.skipIf(process.platform === 'win32')('Ctrl-C ends at once with 130', async () => {
  const child = spawn(process.execPath, [cli, 'show', '-f', '-'], { cwd: folder, env: environment() });
  let output = '';
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  // It waits for its standard input; by then it listens for signals.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect([code, output]).toEqual([130, '']);
});

test('lsp serves an editor', async () => {
  await using client = startClient(process.execPath, [cli, 'lsp', '--stdio'], environment());
  const answer = await client.request('initialize', { processId: null, rootUri: null, capabilities: {} });
  expect(answer).toMatchObject({ capabilities: { hoverProvider: expect.anything() } });
});
