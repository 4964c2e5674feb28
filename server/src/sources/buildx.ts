/**
 * Past builds of a Dockerfile, from what `docker buildx` keeps of every build that anybody starts in a terminal.
 * Only ever reads: the notes on this disk, and `docker buildx history ls | inspect | logs`.
 */
import type { BuildRecord, RecordedStep } from '../build/record.ts';
import type { DiffId, Digest, Platform } from '../image/image.ts';
import { listBuilds, readAttachment, readBuildLog, readProvenanceOf, type HistoryAnswer } from './buildx-history.ts';
import type { BuildLog, ExportedImage } from './buildx-log.ts';
import type { LayerBlob, Provenance, ProvenanceStep } from './buildx-provenance.ts';
import { findRefs, type BuildRef } from './buildx-refs.ts';
import { imageDiffIds } from './engine.ts';
import type { DockerOptions } from './read-options.ts';
import { SourceError } from './source.ts';
import { textAt, textsAt } from './untyped.ts';

/** Not finding a build is nothing to complain about; `detail` is what a tool said, for a log. */
export type BuildSearch =
  | { readonly kind: 'found'; readonly record: BuildRecord }
  | { readonly kind: 'none'; readonly reason: NoBuildReason; readonly detail: string | undefined };

/**
 * `record-gone`: built once, but engines keep the last fifty builds; `no-provenance`: completed, but nothing is kept of it, as of an image
 * without any layer; `no-history`: a buildx before 0.21, or none.
 */
export type NoBuildReason =
  'never-built' | 'record-gone' | 'failed' | 'no-provenance' | 'no-cli' | 'no-history' | 'no-engine';

/** The last completed build of this file: one of this very text if there is one, else the newest. Throws SourceError only when stopped. */
export async function findBuild(
  dockerfilePath: string,
  text: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<BuildRecord | undefined> {
  const search = await searchBuild(dockerfilePath, text, docker, signal);
  return search.kind === 'found' ? search.record : undefined;
}

/** The same, with the reason where there is none. */
export async function searchBuild(
  dockerfilePath: string,
  text: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<BuildSearch> {
  const refs = await findRefs(dockerfilePath, docker);
  if (refs[0] === undefined) {
    return { kind: 'none', reason: 'never-built', detail: undefined };
  }
  try {
    return await searchRefs(refs, text, docker, signal);
  } catch (error) {
    if (error instanceof SourceError && error.kind !== 'cancelled') {
      return { kind: 'none', reason: 'no-cli', detail: error.message };
    }
    throw error;
  }
}

/** Most often the newest note leads straight to the record; only where it does not, the list of records is asked for. */
async function searchRefs(
  refs: readonly BuildRef[],
  text: string,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<BuildSearch> {
  const newest = await readBuild(refs[0]!, docker, signal);
  if (newest !== undefined && rank(newest, text) === bestRank) {
    return { kind: 'found', record: await recordOf(newest, docker, signal) };
  }
  const listed = await listRecords(refs, docker, signal);
  if (listed.kind === 'failed') {
    return { kind: 'none', reason: listed.reason, detail: listed.detail };
  }
  let best = newest;
  for (const ref of refs.filter((ref) => listed.value.get(ref.id) === 'Completed').slice(0, maxBuildsRead)) {
    const build = ref.id === newest?.ref.id ? undefined : await readBuild(ref, docker, signal);
    best = build !== undefined && (best === undefined || rank(build, text) > rank(best, text)) ? build : best;
    if (best !== undefined && rank(best, text) === bestRank) {
      break;
    }
  }
  if (best !== undefined) {
    return { kind: 'found', record: await recordOf(best, docker, signal) };
  }
  const statuses = refs.flatMap((ref) => listed.value.get(ref.id) ?? []);
  const reason = statuses.includes('Completed') ? 'no-provenance' : statuses.length > 0 ? 'failed' : 'record-gone';
  return { kind: 'none', reason, detail: undefined };
}

// Each further build costs two calls of the CLI; who edited a file eight builds ago gets the newest.
const maxBuildsRead = 8;

interface Build {
  readonly ref: BuildRef;
  readonly provenance: Provenance;
  readonly log: BuildLog;
}

/** Undefined for a build that is running, failed, is no build of a Dockerfile, or has no record in this engine. */
async function readBuild(ref: BuildRef, docker: DockerOptions, signal: AbortSignal): Promise<Build | undefined> {
  const [provenance, log] = await Promise.all([
    readProvenanceOf(ref, undefined, docker, signal),
    readBuildLog(ref, docker, signal),
  ]);
  return provenance && { ref, provenance, log };
}

const bestRank = 3;

/** This very text counts most, then that there is an image to measure. */
function rank(build: Build, text: string): number {
  return (sameText(build.provenance.text, text) ? 2 : 0) + (build.log.images.length > 0 ? 1 : 0);
}

/** Editors take byte order marks off and may turn line ends; neither makes another build. */
function sameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

/** Status of every record by ref, over all builders that ever built this file. */
async function listRecords(
  refs: readonly BuildRef[],
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<HistoryAnswer<Map<string, string>>> {
  const builders = [...new Set(refs.map((ref) => ref.builder))];
  const answers = await Promise.all(builders.map((builder) => listBuilds(builder, docker, signal)));
  const statuses = answers.flatMap((answer) =>
    answer.kind === 'ok' ? answer.value.map((build) => [build.id, build.status] as const) : [],
  );
  // A builder that was removed must not hide the ones that are there.
  const failure = answers.find((answer) => answer.kind === 'failed');
  return answers.some((answer) => answer.kind === 'ok') || failure === undefined
    ? { kind: 'ok', value: new Map(statuses) }
    : failure;
}

async function recordOf(build: Build, docker: DockerOptions, signal: AbortSignal): Promise<BuildRecord> {
  const { ref } = build;
  const platform = chosenPlatform(build.provenance);
  const several = build.provenance.platforms.length > 1;
  const provenance = (several ? await readProvenanceOf(ref, platform, docker, signal) : undefined) ?? build.provenance;
  const exported = several ? await exportedFor(platform, build, docker, signal) : build.log.images[0];
  const found = await findImage(build, exported, docker, signal);
  const diffIds = diffIdTable(
    provenance,
    found?.diffIds ?? (await attachedDiffIds(build, provenance, exported, docker, signal)),
  );
  return {
    ref: `${ref.builder}/${ref.node}/${ref.id}`,
    completedAt: provenance.completedAt,
    text: provenance.text,
    target: provenance.target,
    buildArgs: provenance.buildArgs,
    platform,
    imageId: found?.id,
    configDigest: exported?.config,
    steps: provenance.steps.map((step) => recordedStep(step, diffIds, build.log)),
  };
}

/** Of several platforms the builder's own: what its engine shows and runs by default. */
function chosenPlatform({ platforms, builderPlatform }: Provenance): Platform | undefined {
  const own = platforms.find(
    ({ os, architecture }) => os === builderPlatform?.os && architecture === builderPlatform.architecture,
  );
  return own ?? platforms[0];
}

/** Only the record's attachments tell which manifest is for which platform. */
async function exportedFor(
  platform: Platform | undefined,
  build: Build,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<ExportedImage | undefined> {
  const manifest = await readAttachment(
    build.ref,
    { type: 'application/vnd.oci.image.manifest.v1+json', platform },
    docker,
    signal,
  );
  const config = textAt(manifest, 'config', 'digest');
  return build.log.images.find((image) => image.config === config);
}

/** The engine may know the build's image by its index, its manifest or its config: whatever it has one by, is the id. */
async function findImage(
  build: Build,
  exported: ExportedImage | undefined,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<{ id: Digest; diffIds: readonly DiffId[] } | undefined> {
  for (const id of [build.log.index, exported?.manifest, exported?.config]) {
    const diffIds = id === undefined ? undefined : await askDiffIds(id, docker, signal);
    if (id !== undefined && diffIds !== undefined) {
      return { id, diffIds };
    }
  }
  return undefined;
}

/** The CLI just answered; an engine that does not answer here takes the image away, not the record. */
async function askDiffIds(
  id: Digest,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<readonly DiffId[] | undefined> {
  return imageDiffIds(id, docker, signal).catch((error: unknown) => {
    if (error instanceof SourceError && error.kind !== 'cancelled') {
      return undefined;
    }
    throw error;
  });
}

/** For an image that went to a file or a registry: its config is kept with the record. Not needed where every blob is a plain tar. */
async function attachedDiffIds(
  build: Build,
  provenance: Provenance,
  exported: ExportedImage | undefined,
  docker: DockerOptions,
  signal: AbortSignal,
): Promise<readonly DiffId[]> {
  if (exported === undefined || provenance.result.every((blob) => blob.diffId !== undefined)) {
    return [];
  }
  const config = await readAttachment(build.ref, { digest: exported.config }, docker, signal);
  return textsAt(config, 'rootfs', 'diff_ids') as readonly DiffId[];
}

/** Blob to diff id, by the position of both in the image. */
function diffIdTable({ result }: Provenance, diffIds: readonly DiffId[]): ReadonlyMap<Digest, DiffId> {
  return result.length === diffIds.length
    ? new Map(result.map((blob, index) => [blob.digest, diffIds[index]!]))
    : new Map();
}

function recordedStep(step: ProvenanceStep, table: ReadonlyMap<Digest, DiffId>, log: BuildLog): RecordedStep {
  const time = step.kind === 'source' ? undefined : log.vertices.get(step.vertex);
  return {
    vertex: step.vertex,
    kind: step.kind,
    locations: step.locations,
    diffIds: step.chains.map((chain) => knownDiffIds(chain, table)).find((chain) => chain.length > 0) ?? [],
    cached: time?.cached,
    milliseconds: time?.milliseconds,
  };
}

/** All of them or none: a chain with a hole would put layers in wrong places. */
function knownDiffIds(chain: readonly LayerBlob[], table: ReadonlyMap<Digest, DiffId>): readonly DiffId[] {
  const known = chain.flatMap((blob) => blob.diffId ?? table.get(blob.digest) ?? []);
  return known.length === chain.length ? known : [];
}
