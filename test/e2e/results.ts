/** What the suite leaves behind for the launcher: written after every test, so that an editor that dies still has counted. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Results {
  readonly passed: number;
  readonly failed: number;
  /** False until the last test has run. */
  readonly complete: boolean;
}

export function writeResults(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify(results)}\n`);
}

/** A suite that did not come to its end has one failure more: the end. */
export function readResults(file: string): Results {
  const results = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Results)
    : { passed: 0, failed: 0, complete: false };
  return results.complete ? results : { ...results, failed: results.failed + 1 };
}
