/** Timing of functions in this process: warm-up first, then many runs, then the figures people quote. */

export interface Comparison {
  readonly name: string;
  readonly ours: Figures;
  readonly rival: Figures | undefined;
  readonly rivalName: string | undefined;
  /** What must hold, in words, and whether it does. */
  readonly bar: string;
  readonly holds: boolean;
}

export interface Figures {
  readonly median: number;
  readonly p95: number;
  readonly runs: number;
  readonly unit: 'milliseconds' | 'bytes';
}

export function figures(times: readonly number[]): Figures {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
  return { median: at(0.5), p95: at(0.95), runs: sorted.length, unit: 'milliseconds' };
}

/** Runs the functions in turn, so that all of them see the same machine. */
export function timeInTurn(functions: readonly (() => unknown)[], warmUp: number, runs: number): number[][] {
  const times: number[][] = functions.map(() => []);
  for (let run = -warmUp; run < runs; run++) {
    for (const [at, one] of functions.entries()) {
      // Each pays for its own garbage, not for that of the one before.
      globalThis.gc?.({ type: 'minor' });
      const start = performance.now();
      one();
      if (run >= 0) {
        times[at]!.push(performance.now() - start);
      }
    }
  }
  return times;
}
