/** Finds and watches the evidence of one open document: its image, the build that left it, the images that it stands on. */
import { isRecordOf, isRecordOfTarget, type BuildRecord } from '../build/record.ts';
import { findBuild } from '../sources/buildx.ts';
import { readBase } from '../sources/engine.ts';
import { imageKey } from '../sources/pairings.ts';
import { isFileSource } from '../sources/source-files.ts';
import type { Configurations, DocumentConfiguration } from './configuration.ts';
import type { Guard } from './guard.ts';
import { createMeasurement } from './measurement.ts';
import type { DocumentEvidence, Measurement } from './measurement.ts';
import { settle } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { PairingMemory } from './pairing-memory.ts';
import type { Progress } from './progress.ts';
import type { Reading } from './reading.ts';
import { isNewer, wishFor, wishKey } from './wish.ts';
import type { Wish } from './wish.ts';

/** What the documents of a server have in common. */
export interface Surroundings {
  readonly configurations: Configurations;
  readonly memory: PairingMemory;
  readonly reading: Reading;
  readonly guard: Guard;
  readonly trusted: () => boolean;
  readonly textOf: (uri: string) => string | undefined;
  /** Images that the text stands on, by the names in FROM. */
  readonly baseNames: (uri: string) => Promise<readonly string[]>;
  /** Progress of a reading that nobody asked for. */
  readonly progress: (source: string) => Progress;
  readonly changed: (uri: string) => void;
  /** Works out what is shown now, whether or not anybody asked. */
  readonly look: (uri: string) => Promise<void>;
}

export interface EvidenceOfDocument {
  readonly known: DocumentEvidence;
  /** Everything that can be known without being asked; again after a save or new settings, for what is new then. */
  gather(): Promise<void>;
  /** A build went by, of this file or another. */
  afterBuild(): Promise<void>;
  readBases(): Promise<void>;
  measure(source: string, progress: Progress, signal: AbortSignal): Promise<Outcome>;
  /** This text made the image at hand. */
  matched(text: string): void;
  clear(): void;
  close(): void;
}

export function createEvidence(uri: string, path: string | undefined, around: Surroundings): EvidenceOfDocument {
  const { configurations, memory, reading, guard } = around;
  const triedBases = new Set<string>();
  let gathered: string | undefined;
  const measurement: Measurement = createMeasurement({
    uri,
    path,
    configurations,
    memory,
    reading,
    progress: around.progress,
    changed: () => {
      around.changed(uri);
    },
    look: () => around.look(uri),
    changedOnDisk: () => {
      guard.work('reading a changed image', readAgain);
    },
  });
  const { closed } = measurement;

  async function readAgain(): Promise<void> {
    const wish = wishFor(measurement.pairing, await configurations.of(uri), around.trusted());
    if (wish) {
      await measurement.readQuietly(wish);
    }
  }

  /** The last build of this file that buildx remembers, where it is newer than what a person chose. */
  async function find(configuration: DocumentConfiguration): Promise<void> {
    const text = around.textOf(uri);
    if (!mayAsk(configuration) || path === undefined || text === undefined) {
      return;
    }
    const found = await settle(findBuild(path, text, configuration.docker, closed), closed);
    const record = found.kind === 'value' ? found.value : undefined;
    if (!record || closed.aborted || !isRecordOfTarget(record, configuration.insight.build.target)) {
      return;
    }
    const { evidence } = measurement.known;
    if (evidence.image && isRecordOf(record, evidence.image.image)) {
      if (evidence.record?.ref !== record.ref) {
        measurement.update({ evidence: { ...evidence, record } });
      }
    } else if (configuration.image === undefined && isNewer(record, measurement.pairing)) {
      await readImageOf(record);
    }
  }

  async function readImageOf(record: BuildRecord): Promise<void> {
    // A build to a folder or a registry left nothing here to read.
    if (record.imageId !== undefined) {
      const at = Date.parse(record.completedAt ?? '') || Date.now();
      const source = `docker-daemon:${record.imageId}`;
      await measurement.readQuietly({ how: 'found', at, source, record, image: undefined, builtText: undefined });
    }
  }

  async function readBases(): Promise<void> {
    const configuration = await configurations.of(uri);
    if (!mayAsk(configuration)) {
      return;
    }
    const names = await around.baseNames(uri);
    for (const name of names.filter((each) => !triedBases.has(each))) {
      triedBases.add(name);
      const base = await settle(readBase(name, configuration.docker, closed), closed);
      if (base.kind === 'value' && base.value) {
        const { evidence } = measurement.known;
        measurement.update({ evidence: { ...evidence, bases: new Map([...evidence.bases, [name, base.value]]) } });
      }
    }
  }

  function mayAsk({ shown, autoPair }: DocumentConfiguration): boolean {
    return around.trusted() && shown.enable && autoPair && !closed.aborted;
  }

  /** A tag of an engine may name another image now. */
  async function hasMoved({ source }: Wish, configuration: DocumentConfiguration): Promise<boolean> {
    const sizes = await settle(reading.sizes(source, configuration, closed), closed);
    const before = measurement.known.evidence.image;
    return sizes.kind === 'value' && (!before || imageKey(before.image) !== imageKey(sizes.value.image));
  }

  return {
    get known() {
      return measurement.known;
    },
    async gather() {
      const configuration = await configurations.of(uri);
      await measurement.recall();
      if (!configuration.shown.enable) {
        measurement.stop();
        gathered = undefined;
        return;
      }
      const wish = wishFor(measurement.pairing, configuration, around.trusted());
      const key = wish && wishKey(wish, configuration);
      const read = wish && key !== gathered ? measurement.readQuietly(wish) : undefined;
      gathered = key;
      await Promise.all([read, find(configuration), readBases()]);
    },
    async afterBuild() {
      const configuration = await configurations.of(uri);
      if (!mayAsk(configuration)) {
        return;
      }
      triedBases.clear();
      const wish = wishFor(measurement.pairing, configuration, true);
      if (wish && !isFileSource(wish.source) && (await hasMoved(wish, configuration))) {
        await measurement.readQuietly(wish);
      }
      await Promise.all([find(configuration), readBases()]);
    },
    readBases,
    async measure(source, progress, signal) {
      const wish: Wish = {
        how: 'asked',
        at: Date.now(),
        source,
        record: undefined,
        image: undefined,
        builtText: undefined,
      };
      const outcome = await measurement.read(wish, progress, signal);
      if (outcome.kind === 'failed' && !measurement.known.evidence.image) {
        measurement.update({ state: 'failed' });
      }
      guard.work('finding a build', async () => find(await configurations.of(uri)));
      return outcome;
    },
    matched: (text) => {
      measurement.matched(text);
    },
    clear: () => {
      measurement.clear();
    },
    close: () => {
      measurement.close();
    },
  };
}
