/**
 * Which entries of an image's history left a layer. The engine's history answer does not carry the config's `empty_layer`,
 * so it is decided from what is certain, and left undecided where it is not.
 */

/** An entry of `GET /images/{name}/history`, bottom first. */
export interface EngineHistoryEntry {
  readonly createdBy: string;
  readonly comment: string | undefined;
  /** Bytes of the entry's layer as the engine counts them. */
  readonly bytes: number;
}

/** For each entry whether it made no layer; undefined where the entries cannot be told apart with certainty. */
export function decideEmptyLayers(
  history: readonly EngineHistoryEntry[],
  layerCount: number,
): readonly boolean[] | undefined {
  const verdicts = history.map(verdictOf);
  const sure = count(verdicts, 'layer');
  const open = count(verdicts, 'unknown');
  if (sure === layerCount) {
    return verdicts.map((verdict) => verdict !== 'layer');
  }
  if (sure + open === layerCount) {
    return verdicts.map((verdict) => verdict === 'empty');
  }
  return undefined;
}

type Verdict = 'layer' | 'empty' | 'unknown';

function verdictOf(entry: EngineHistoryEntry): Verdict {
  if (entry.bytes > 0) {
    return 'layer';
  }
  return entry.comment === 'buildkit.dockerfile.v0' ? buildkitVerdict(entry.createdBy) : legacyVerdict(entry.createdBy);
}

/** BuildKit makes a layer for every RUN, COPY, ADD and WORKDIR, changed or not, except for a WORKDIR that ends up as exactly `/`. */
function buildkitVerdict(createdBy: string): Verdict {
  const keyword = createdBy.split(' ', 1)[0] ?? '';
  if (keyword === 'WORKDIR') {
    return createdBy === 'WORKDIR /' ? 'empty' : 'layer';
  }
  if (layerKeywords.has(keyword)) {
    return 'layer';
  }
  return metadataKeywords.has(keyword) ? 'empty' : 'unknown';
}

/** The builder before BuildKit flags every step without changes as empty, so that 0 bytes of a RUN, COPY, ADD or WORKDIR say nothing. */
function legacyVerdict(createdBy: string): Verdict {
  const keyword = /#\(nop\)\s+([A-Z]+)\b/.exec(createdBy)?.[1];
  return keyword !== undefined && metadataKeywords.has(keyword) ? 'empty' : 'unknown';
}

const layerKeywords: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);
const metadataKeywords: ReadonlySet<string> = new Set([
  'ARG',
  'CMD',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
]);

function count(verdicts: readonly Verdict[], wanted: Verdict): number {
  return verdicts.filter((verdict) => verdict === wanted).length;
}
