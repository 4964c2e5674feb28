/** The questions asked of `docker buildx history`, each one call of the CLI (about a tenth of a second). */
import type { Digest, Platform } from '../image/image.ts';
import { readLog, type BuildLog } from './buildx-log.ts';
import { readProvenance, type Provenance } from './buildx-provenance.ts';
import type { BuildRef } from './buildx-refs.ts';
import { runDocker, type CliResult } from './docker-cli.ts';
import { platformText } from './platforms.ts';
import type { DockerOptions } from './read-options.ts';
import { tryJson, textAt } from './untyped.ts';

export type HistoryAnswer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'failed'; readonly reason: 'no-history' | 'no-engine'; readonly detail: string };

export interface ListedBuild {
  readonly id: string;
  /** `Running`, `Completed`, `Error`. */
  readonly status: string;
}

/** The records that a builder keeps, newest first, whoever started them. Throws SourceError where the CLI cannot be run. */
export async function listBuilds(
  builder: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<HistoryAnswer<readonly ListedBuild[]>> {
  const result = await runDocker(docker, ['buildx', 'history', 'ls', '--builder', builder, '--format', 'json'], signal);
  const builds = result.stdout.split('\n').flatMap((line) => listedBuild(tryJson(line)) ?? []);
  return result.code === 0 && (builds.length > 0 || result.stdout.trim() === '')
    ? { kind: 'ok', value: builds }
    : failed(result);
}

/** Undefined where the build has none: it runs, failed, or was no build of a Dockerfile. */
export async function readProvenanceOf(
  ref: BuildRef,
  platform: Platform | undefined,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<Provenance | undefined> {
  return readProvenance(await readAttachment(ref, { type: 'provenance', platform }, docker, signal));
}

export type Attachment =
  { readonly type: string; readonly platform: Platform | undefined } | { readonly digest: Digest };

/** Undefined where the record has no such attachment, or where there is no such record. */
export async function readAttachment(
  ref: BuildRef,
  attachment: Attachment,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const which =
    'digest' in attachment
      ? [ref.id, attachment.digest]
      : ['--type', attachment.type, ...platformFlag(attachment.platform), ref.id];
  const result = await runDocker(
    docker,
    ['buildx', 'history', 'inspect', 'attachment', '--builder', ref.builder, ...which],
    signal,
  );
  return result.code === 0 ? tryJson(result.stdout) : undefined;
}

/** Empty where none was kept. */
export async function readBuildLog(ref: BuildRef, docker: DockerOptions, signal: AbortSignal): Promise<BuildLog> {
  const result = await runDocker(
    docker,
    ['buildx', 'history', 'logs', '--builder', ref.builder, '--progress', 'rawjson', ref.id],
    signal,
  );
  // The stream comes on stderr, where builds print their progress.
  return readLog(result.code === 0 ? `${result.stderr}\n${result.stdout}` : '');
}

function platformFlag(platform: Platform | undefined): readonly string[] {
  return platform === undefined ? [] : ['--platform', platformText(platform)];
}

function listedBuild(line: unknown): ListedBuild | undefined {
  const id = textAt(line, 'ref')?.split('/').at(-1);
  const status = textAt(line, 'status');
  return id === undefined || status === undefined ? undefined : { id, status };
}

/** Old CLIs answer unknown commands with their help, some of them even with success. */
function failed({ stdout, stderr }: CliResult): HistoryAnswer<never> {
  const said = `${stderr}\n${stdout}`.trim();
  const unknown = /unknown (command|flag|shorthand)|is not a docker command|^Usage:/im.test(said);
  return { kind: 'failed', reason: unknown ? 'no-history' : 'no-engine', detail: said.split(/\r?\n/, 1)[0] ?? '' };
}
