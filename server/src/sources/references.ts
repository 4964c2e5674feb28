/** Names of images in an archive: which of several is meant. */
import { SourceError } from './source.ts';

/** Something in an archive that has names; the list may be empty. */
interface Named {
  readonly names: readonly string[];
}

/** Without a reference the only one; `@2` is the third, as skopeo counts. Throws SourceError that lists the names. */
export function chooseByReference<T extends Named>(
  all: readonly T[],
  reference: string | undefined,
  archive: string,
): T[] {
  if (reference === undefined) {
    if (new Set(all.map(({ names }) => names.join(' '))).size > 1 && all.length > 1) {
      throw new SourceError('unsupported', `${archive} holds ${all.length} images; say which one is meant.`, {
        hint: `Add its name: ${all.map((one, at) => `:${one.names[0] ?? `@${at}`}`).join(', ')}.`,
      });
    }
    return [...all];
  }
  const byNumber = /^@(\d+)$/.exec(reference);
  const found = byNumber ? all.slice(Number(byNumber[1])).slice(0, 1) : all.filter((one) => isNamed(one, reference));
  if (found.length === 0) {
    const names = all.flatMap((one) => one.names);
    throw new SourceError('not-found', `${archive} holds no image named "${reference}".`, {
      hint: names.length === 0 ? 'It names none: leave the name out.' : `It holds ${names.join(', ')}.`,
    });
  }
  return found;
}

function isNamed({ names }: Named, reference: string): boolean {
  return names.some((name) => name === reference || fullName(name) === fullName(reference));
}

/** `app` is docker.io/library/app:latest; podman writes localhost/ before names of its own. */
function fullName(name: string): string {
  const tagged = /:[^/]*$/.test(name) || name.includes('@') ? name : `${name}:latest`;
  const short = tagged.replace(/^(docker\.io\/|index\.docker\.io\/|localhost\/)/, '').replace(/^library\//, '');
  return short;
}
