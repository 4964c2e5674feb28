/** How something that was asked of the world ended. The only place of the server where a SourceError ends: as words for people. */
import { SourceError } from '../sources/source.ts';

/** Two sentences for people: what is wrong, and what to do about it. */
export interface Failure {
  readonly message: string;
  readonly hint: string | undefined;
}

export type Outcome =
  { readonly kind: 'done' } | { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly failure: Failure };

export type Settled<T> = { readonly kind: 'value'; readonly value: T } | Exclude<Outcome, { readonly kind: 'done' }>;

/** Anything but a SourceError is a bug and goes on to the guard. */
export async function settle<T>(promise: Promise<T>, signal: AbortSignal): Promise<Settled<T>> {
  try {
    return { kind: 'value', value: await promise };
  } catch (error) {
    if (signal.aborted || (error instanceof SourceError && error.kind === 'cancelled')) {
      return { kind: 'cancelled' };
    }
    if (error instanceof SourceError) {
      return { kind: 'failed', failure: { message: error.message, hint: error.hint } };
    }
    throw error;
  }
}

export function failureText({ message, hint }: Failure): string {
  return [message, hint].filter((sentence) => sentence !== undefined).join(' ');
}
