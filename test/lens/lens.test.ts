/**
 * The whole product on one page: a Dockerfile, what a real build of it left (`-- layers --`, see record.mjs),
 * and what the terminal shows (`-- lens --`). `UPDATE=1` rewrites only the last part.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BaseImage, Digest, DiffId, HistoryEntry, ImageConfig, ImageFacts } from '../../server/src/image/image.ts';
import { lens, type Evidence } from '../../server/src/lens.ts';
import { annotated } from '../../server/src/render/annotated.ts';
import { noPaint } from '../../server/src/render/paint.ts';

const folder = import.meta.dirname;
const cases = readdirSync(folder).filter((name) => name.endsWith('.lens'));

test.each(cases)('%s', (name) => {
  check(join(folder, name));
});

test('every recorded build has a case', () => {
  expect(cases.length).toBeGreaterThanOrEqual(19);
});

function check(file: string): void {
  const whole = readFileSync(file, 'utf8');
  const [text, rest] = cutAt(whole, '-- layers --\n');
  const [layers, golden] = cutAt(rest, '\n-- lens --\n');
  const recorded = JSON.parse(layers) as Partial<Recorded>;
  const insights = lens(text, evidenceOf(recorded), {
    build: { target: recorded.options?.target ?? undefined, buildArgs: new Map(), platform: undefined },
    levels: new Map(),
    largeLayerBytes: 100_000_000,
  });
  const shown = annotated({ dockerfile: 'Dockerfile', text, insights }, { paint: noPaint, width: undefined });
  if (process.env['UPDATE'] === '1') {
    writeFileSync(file, whole.slice(0, whole.length - golden.length) + shown);
  } else {
    expect(shown).toBe(golden);
  }
}

function cutAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

interface Recorded {
  readonly options: { readonly target: string | null };
  readonly id: Digest;
  readonly platform: readonly [string, string];
  readonly created: string;
  readonly config: RecordedConfig;
  readonly history: readonly RecordedHistory[];
  readonly layers: readonly RecordedLayer[];
  readonly bases: Readonly<Record<string, RecordedBase>>;
  readonly builtText: string | null;
}

interface RecordedBase {
  readonly diffIds: readonly DiffId[];
  readonly config: RecordedConfig;
  readonly history: readonly RecordedHistory[];
}

type RecordedConfig = Omit<ImageConfig, 'shell'> & { readonly shell: readonly string[] | null };
type RecordedHistory = Pick<HistoryEntry, 'createdBy' | 'emptyLayer'> & { readonly comment: string | null };

interface RecordedLayer {
  readonly diffId: DiffId;
  readonly bytes: number;
  readonly files: number;
  readonly directories: number;
  readonly symlinks: number;
  readonly whiteouts: number;
  readonly emptyDiff: boolean;
}

function evidenceOf(recorded: Partial<Recorded>): Evidence {
  return {
    bases: new Map(Object.entries(recorded.bases ?? {}).map(([name, base]) => [name, baseOf(base)])),
    image: recorded.layers ? factsOf(recorded as Recorded) : undefined,
    record: undefined,
    builtText: recorded.builtText ?? undefined,
  };
}

function baseOf({ diffIds, config, history }: RecordedBase): BaseImage {
  return { diffIds, config: configOf(config), history: history.map(historyOf) };
}

function factsOf({ id, platform: [os, architecture], created, config, history, layers }: Recorded): ImageFacts {
  return {
    source: 'docker-archive:image.tar',
    netBytes: undefined,
    image: {
      id,
      platform: { os, architecture, variant: undefined },
      created,
      config: configOf(config),
      history: history.map(historyOf),
      layers: layers.map(({ diffId, bytes, ...counts }) => ({
        diffId,
        bytes,
        stored: undefined,
        contents: { ...counts, largestDirectories: [], largestFiles: [], verified: true },
      })),
    },
  };
}

function configOf({ shell, ...config }: RecordedConfig): ImageConfig {
  return { ...config, shell: shell ?? undefined };
}

function historyOf({ createdBy, comment, emptyLayer }: RecordedHistory): HistoryEntry {
  return { createdBy, emptyLayer, comment: comment ?? undefined, created: undefined, author: undefined };
}
