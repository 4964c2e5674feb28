/**
 * What was measured for one document: the image at hand, the pairing it came from, and word of its file on disk. Nobody
 * waits for it: whoever asks gets what is known, and is told when that changes.
 */
import type { ImageFacts } from '../image/image.ts';
import type { Evidence } from '../lens.ts';
import { imageKey } from '../sources/pairings.ts';
import type { Pairing } from '../sources/pairings.ts';
import { watchSource } from '../sources/source-files.ts';
import type { Configurations } from './configuration.ts';
import { settle } from './outcome.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { PairingMemory } from './pairing-memory.ts';
import type { Progress } from './progress.ts';
import type { Reading, ReadingStep } from './reading.ts';
import type { Wish } from './wish.ts';

/** What is known at one moment; replaced, never changed. */
export interface DocumentEvidence {
  readonly evidence: Evidence;
  /** Grows whenever `evidence` may show something else. */
  readonly version: number;
  readonly state: 'unmeasured' | 'measuring' | 'measured' | 'failed';
  readonly failure: Failure | undefined;
}

export interface MeasurementSetup {
  readonly uri: string;
  /** Undefined for documents that are no file: they can be measured, but are not remembered. */
  readonly path: string | undefined;
  readonly configurations: Configurations;
  readonly memory: PairingMemory;
  readonly reading: Reading;
  /** Progress of a reading that nobody asked for. */
  readonly progress: (source: string) => Progress;
  readonly changed: () => void;
  /** Works out what is shown now, whether or not anybody asked; `matched` is called where it fits. */
  readonly look: () => Promise<void>;
  /** The file of the image at hand is another one now. */
  readonly changedOnDisk: () => void;
}

export interface Measurement {
  readonly known: DocumentEvidence;
  readonly pairing: Pairing | undefined;
  /** Aborted when the document is closed. */
  readonly closed: AbortSignal;
  update(change: Partial<Omit<DocumentEvidence, 'version'>>): void;
  /** Reads the memory, once. */
  recall(): Promise<void>;
  /** Shows sizes as soon as they are there, then contents. */
  read(wish: Wish, progress: Progress, signal: AbortSignal): Promise<Outcome>;
  readQuietly(wish: Wish): Promise<void>;
  /** This text made the image at hand. */
  matched(text: string): void;
  stop(): void;
  clear(): void;
  close(): void;
}

const nothing: DocumentEvidence = {
  evidence: { bases: new Map(), image: undefined, record: undefined, builtText: undefined },
  version: 0,
  state: 'unmeasured',
  failure: undefined,
};

export function createMeasurement(setup: MeasurementSetup): Measurement {
  const { uri, path, memory } = setup;
  const closing = new AbortController();
  let known = nothing;
  let pairing: Pairing | undefined;
  let current: AbortController | undefined;
  let watched: { readonly source: string; readonly watcher: Disposable } | undefined;

  function update(change: Partial<Omit<DocumentEvidence, 'version'>>): void {
    if (!closing.signal.aborted) {
      known = { ...known, ...change, version: known.version + (change.evidence ? 1 : 0) };
      setup.changed();
    }
  }

  async function read(wish: Wish, progress: Progress, signal: AbortSignal): Promise<Outcome> {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    const before = known.evidence;
    update({ state: 'measuring', failure: undefined });
    try {
      const stop = AbortSignal.any([mine.signal, closing.signal, progress.signal, signal]);
      const outcome = await readInto(wish, progress, stop);
      if (current !== mine || closing.signal.aborted) {
        return { kind: 'cancelled' };
      }
      await conclude(wish, before, outcome, mine);
      return outcome;
    } catch (bug) {
      update({ state: known.evidence.image ? 'measured' : 'unmeasured', failure: metBug });
      throw bug;
    } finally {
      progress.end();
      current = current === mine ? undefined : current;
    }
  }

  async function readInto(wish: Wish, progress: Progress, stop: AbortSignal): Promise<Outcome> {
    let shown = false;
    const configuration = await setup.configurations.of(uri);
    const show = (facts: ImageFacts, step: ReadingStep): void => {
      // Numbers on the lines are not taken away for layers without sizes, which come a moment later.
      if (step === 'contents' || known.evidence.image === undefined || sizesAreKnown(facts)) {
        update({ evidence: shown ? { ...known.evidence, image: facts } : withImage(known.evidence, facts, wish) });
        shown = true;
      }
    };
    const settled = await settle(setup.reading.inSteps(wish.source, configuration, stop, progress, show), stop);
    return settled.kind === 'value' ? { kind: 'done' } : settled;
  }

  async function conclude(wish: Wish, before: Evidence, outcome: Outcome, mine: AbortController): Promise<void> {
    const failure = outcome.kind === 'failed' ? outcome.failure : undefined;
    if (failure && !sizesAreKnown(known.evidence.image)) {
      // A damaged or vanished image leaves nothing behind.
      update({ evidence: { ...before, bases: known.evidence.bases } });
    }
    const { image } = known.evidence;
    update({ state: image ? 'measured' : 'unmeasured', failure });
    if (image && image !== before.image) {
      await setup.look();
      if (current === mine) {
        keep(wish, image);
      }
    }
  }

  function keep({ how, at, source, record }: Wish, image: ImageFacts): void {
    remember({ how, at, source, image: imageKey(image.image), builtText: record?.text ?? known.evidence.builtText });
    watch(source);
  }

  function remember(next: Pairing): void {
    pairing = next;
    memory.remember(path, next);
  }

  function watch(source: string | undefined): void {
    if (watched?.source !== source) {
      watched?.watcher[Symbol.dispose]();
      watched = source === undefined ? undefined : { source, watcher: watchSource(source, setup.changedOnDisk) };
    }
  }

  function stop(): void {
    current?.abort();
    current = undefined;
  }

  return {
    get known() {
      return known;
    },
    get pairing() {
      return pairing;
    },
    closed: closing.signal,
    update,
    async recall() {
      pairing ??= await memory.recall(path);
    },
    read,
    async readQuietly(wish) {
      watch(wish.source);
      await read(wish, setup.progress(wish.source), closing.signal);
    },
    matched(text) {
      const { evidence } = known;
      if (!evidence.image || evidence.record || evidence.builtText === text) {
        return;
      }
      // Without a new version: what is shown for this very text stays the same.
      known = { ...known, evidence: { ...evidence, builtText: text } };
      // While an image is being read, the pairing is still that of the one before.
      if (pairing && !current) {
        remember({ ...pairing, builtText: text });
      }
    },
    stop,
    clear() {
      stop();
      watch(undefined);
      remember({ how: 'cleared', at: Date.now(), source: undefined, image: undefined, builtText: undefined });
      const evidence = { ...nothing.evidence, bases: known.evidence.bases };
      update({ evidence, state: 'unmeasured', failure: undefined });
    },
    close() {
      closing.abort();
      watch(undefined);
    },
  };
}

const metBug: Failure = {
  message: 'The image was not read to its end: Layer Lens met a bug.',
  hint: 'The log of the language server has the details.',
};

/** What is remembered of a build's text counts for the image it was remembered with, and no other. */
function withImage(evidence: Evidence, image: ImageFacts, wish: Wish): Evidence {
  const builtText = wish.image === imageKey(image.image) ? wish.builtText : undefined;
  return { ...evidence, image, record: wish.record, builtText };
}

function sizesAreKnown(facts: ImageFacts | undefined): boolean {
  return facts?.image.layers.every((layer) => layer.bytes !== undefined) === true;
}
