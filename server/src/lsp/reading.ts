/** Images are read in a worker, which starts with the first of them: sizes first, since they are there at once, then contents. */
import type { ImageFacts } from '../image/image.ts';
import type { ReadOptions } from '../sources/read-options.ts';
import { createReader } from '../sources/read-in-worker.ts';
import type { DocumentConfiguration } from './configuration.ts';
import type { Progress } from './progress.ts';

export type ReadingStep = 'sizes' | 'contents';

export interface Reading {
  /** Calls `show` with sizes and again with contents; throws SourceError. */
  inSteps(
    source: string,
    configuration: DocumentConfiguration,
    signal: AbortSignal,
    progress: Progress,
    show: (facts: ImageFacts, step: ReadingStep) => void,
  ): Promise<void>;
  sizes(source: string, configuration: DocumentConfiguration, signal: AbortSignal): Promise<ImageFacts>;
  close(): Promise<void>;
}

/** `note` hears sentences that are no errors and belong into a log. */
export function createReading(cacheFolder: string, note: (sentence: string) => void): Reading {
  let reader: ReturnType<typeof createReader> | undefined;

  async function read(source: string, options: ReadOptions, signal: AbortSignal): Promise<ImageFacts> {
    reader ??= createReader();
    const facts = await reader.read(source, options, signal);
    signal.throwIfAborted();
    return facts;
  }

  function options(
    step: ReadingStep,
    { insight, docker, cacheBytes }: DocumentConfiguration,
    progress: ReadOptions['progress'],
  ): ReadOptions {
    return {
      platform: insight.build.platform,
      contents: step === 'contents',
      docker,
      cacheFolder: cacheBytes > 0 ? cacheFolder : undefined,
      cacheBytes,
      progress,
      // Once is enough, and the second step knows more.
      ...(step === 'contents' && { note }),
    };
  }

  return {
    async inSteps(source, configuration, signal, progress, show) {
      const report: ReadOptions['progress'] = (told) => {
        progress.report(told);
      };
      show(await read(source, options('sizes', configuration, report), signal), 'sizes');
      show(await read(source, options('contents', configuration, report), signal), 'contents');
    },
    sizes(source, configuration, signal) {
      return read(
        source,
        options('sizes', configuration, () => undefined),
        signal,
      );
    },
    async close() {
      const open = reader;
      reader = undefined;
      await open?.close();
    },
  };
}
