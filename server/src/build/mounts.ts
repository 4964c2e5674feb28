/** `RUN --mount=…`: where a RUN mounts from. */
import { readFields } from '../dockerfile/fields.ts';
import type { Run } from '../dockerfile/dockerfile.ts';

/** The stages and images that a RUN mounts from, as written: BuildKit never expands them. */
export function mountSources(run: Run): string[] {
  return run.flags
    .filter((flag) => flag.name === 'mount')
    .flatMap((flag) =>
      fieldsOf(flag.value ?? '').flatMap(([name, value]) => (name === 'from' && value !== '' ? [value] : [])),
    );
}

/** BuildKit refuses what cannot be read; until that is mended, nothing is known of the mount. */
function fieldsOf(value: string): (readonly [string, string])[] {
  return (readFields(value) ?? []).map((field) => {
    const equals = field.indexOf('=');
    return equals === -1 ? [field.toLowerCase(), ''] : [field.slice(0, equals).toLowerCase(), field.slice(equals + 1)];
  });
}
