/** The setting `layerLens.builds`: which of its entries speaks about a Dockerfile, and what it says. */
import type { BuildOptions } from '../build/plan.ts';
import type { Platform } from '../image/image.ts';
import { isRecord } from './setting-values.ts';

export interface BuildSetting {
  readonly build: BuildOptions;
  /** The image to measure without being asked, in the words of `sources/`. */
  readonly image: string | undefined;
}

const nothingSet: BuildSetting = {
  build: { target: undefined, buildArgs: new Map(), platform: undefined },
  image: undefined,
};

/** The first entry whose glob matches `path` (with slashes, relative to its workspace folder) counts. */
export function buildSettingFor(
  path: string,
  entries: readonly unknown[],
  complain: (sentence: string) => void,
): BuildSetting {
  for (const entry of entries) {
    if (!isRecord(entry) || typeof entry['dockerfile'] !== 'string') {
      complain(`an entry of layerLens.builds names no \`dockerfile\`: ${JSON.stringify(entry)}`);
    } else if (globMatches(entry['dockerfile'], path)) {
      return readEntry(entry, complain);
    }
  }
  return nothingSet;
}

function readEntry(entry: Readonly<Record<string, unknown>>, complain: (sentence: string) => void): BuildSetting {
  const platform = text(entry['platform']);
  const read = platform === undefined ? undefined : readPlatform(platform);
  if (platform !== undefined && !read) {
    complain(`layerLens.builds: \`${platform}\` is no platform; write it as \`linux/arm64\``);
  }
  return {
    build: { target: text(entry['target']), buildArgs: readArgs(entry['args'], complain), platform: read },
    image: text(entry['image']),
  };
}

function readArgs(args: unknown, complain: (sentence: string) => void): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const [name, value] of Object.entries(isRecord(args) ? args : {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      result.set(name, String(value));
    } else {
      complain(`layerLens.builds: the argument ${name} must be a text`);
    }
  }
  return result;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readPlatform(written: string): Platform | undefined {
  const [os, architecture, variant, ...more] = written.split('/');
  if (!os || !architecture || more.length > 0 || variant === '') {
    return undefined;
  }
  return { os, architecture, variant };
}

/** Globs as editors have them: `*` and `?` stay within a folder, `**` crosses folders, `{a,b}` either, `[…]` a class. */
export function globMatches(glob: string, path: string): boolean {
  try {
    return new RegExp(`^${globPattern(glob.replace(/^\.?\//, ''))}$`, 's').test(path);
  } catch {
    // A class such as `[z-a]` is no pattern; it matches nothing.
    return false;
  }
}

function globPattern(glob: string): string {
  let pattern = '';
  let open = 0;
  for (const token of glob.match(/\*\*\/|\*\*|\[!?[^\]/]+\]|./gsu) ?? []) {
    if (token === '{') {
      open += 1;
      pattern += '(?:';
    } else if (token === '}' && open > 0) {
      open -= 1;
      pattern += ')';
    } else if (token === ',' && open > 0) {
      pattern += '|';
    } else {
      pattern += tokenPattern(token);
    }
  }
  return pattern + ')'.repeat(open);
}

function tokenPattern(token: string): string {
  switch (token) {
    case '**/':
      return '(?:[^/]*/)*';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    default:
      if (token.startsWith('[') && token.length > 1) {
        return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
      }
      return token.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }
}
