/** Which image a document should show: decided from what a person chose, what the settings say and what was built last. */
import type { BuildRecord } from '../build/record.ts';
import type { Pairing } from '../sources/pairings.ts';
import { isFileSource } from '../sources/source-files.ts';
import type { DocumentConfiguration } from './configuration.ts';

/** An image to read. */
export interface Wish {
  readonly how: 'asked' | 'found';
  readonly at: number;
  readonly source: string;
  readonly record: BuildRecord | undefined;
  /** Key of the image that `builtText` was remembered with. */
  readonly image: string | undefined;
  readonly builtText: string | undefined;
}

/** What to read without being asked: a person's last choice, else the image named in the settings, else the last build seen. */
export function wishFor(
  pairing: Pairing | undefined,
  configuration: DocumentConfiguration,
  trusted: boolean,
): Wish | undefined {
  const paired = pairing?.source === undefined ? undefined : remembered(pairing, pairing.source);
  if (!trusted) {
    // Only what a person pointed at, and only what is read without asking anybody: settings of a folder are not theirs.
    return paired?.how === 'asked' && isFileSource(paired.source) ? paired : undefined;
  }
  if (pairing?.how === 'asked' || pairing?.how === 'cleared' || configuration.image === undefined) {
    return paired;
  }
  if (paired?.source === configuration.image) {
    return paired;
  }
  return {
    how: 'found',
    at: 0,
    source: configuration.image,
    record: undefined,
    image: undefined,
    builtText: undefined,
  };
}

function remembered({ how, at, image, builtText }: Pairing, source: string): Wish {
  return { how: how === 'asked' ? 'asked' : 'found', at, source, record: undefined, image, builtText };
}

/** Equal where reading again would read the same. */
export function wishKey({ source }: Wish, { insight, docker }: DocumentConfiguration): string {
  return JSON.stringify([source, insight.build.platform, docker.path, docker.host]);
}

/** Whether a build counts more than the pairing at hand: what happened last is what a person looks for. */
export function isNewer(record: BuildRecord, pairing: Pairing | undefined): boolean {
  if (!pairing || pairing.how === 'found') {
    return true;
  }
  return record.completedAt !== undefined && Date.parse(record.completedAt) > pairing.at;
}
