/** The command line could not be understood. Caught in main.ts, told in one sentence, exit code 2. */

export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
