/** What every command looks like from main.ts. */
import type { Options } from './options.ts';
import type { Given } from './options.ts';
import type { Terminal } from './terminal.ts';

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** After the name, in the first line of the help. */
  readonly usage: string;
  /** A command line and what it is for: help teaches by these. */
  readonly examples: readonly { readonly line: string; readonly what: string }[];
  readonly options: Options;
  /** Answers the exit code. Throws UsageError and SourceError, which main.ts tells. */
  run(given: Given, terminal: Terminal, signal: AbortSignal): Promise<number>;
}

export const exitCodes = {
  fine: 0,
  /** A rule or a problem at or above `--fail-on`. */
  failed: 1,
  /** The question could not be answered. */
  unanswered: 2,
  interrupted: 130,
} as const;
