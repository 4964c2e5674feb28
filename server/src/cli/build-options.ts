/** The options that say how an image is built, the same for every command. */
import type { BuildOptions } from '../build/plan.ts';
import type { Platform } from '../image/image.ts';
import type { Given, Options } from './options.ts';
import { UsageError } from './usage-error.ts';

export const buildOptions = {
  'target': { value: 'STAGE', help: 'The stage to build. Default: the last one.' },
  'build-arg': {
    value: 'NAME=VALUE',
    repeated: true,
    help: 'A build argument, as often as needed. NAME alone takes the value of the environment.',
  },
  'platform': { value: 'OS/ARCH', help: 'The platform to build for and to read, such as linux/arm64.' },
} as const satisfies Options;

export function readBuildOptions({ values }: Given, env: NodeJS.ProcessEnv): BuildOptions {
  return {
    target: values.get('target')?.[0],
    buildArgs: new Map((values.get('build-arg') ?? []).flatMap((written) => buildArg(written, env))),
    platform: readPlatform(values.get('platform')?.[0]),
  };
}

/** `docker build` leaves out a name that the environment does not have. */
function buildArg(written: string, env: NodeJS.ProcessEnv): [string, string][] {
  const at = written.indexOf('=');
  if (at === 0) {
    throw new UsageError(`--build-arg ${written} has no name`, 'Write it as --build-arg NAME=VALUE.');
  }
  if (at > 0) {
    return [[written.slice(0, at), written.slice(at + 1)]];
  }
  const value = env[written];
  return value === undefined ? [] : [[written, value]];
}

/** As BuildKit writes them in provenance and configs. */
const sameArchitecture: Readonly<Record<string, string>> = {
  'x86_64': 'amd64',
  'x86-64': 'amd64',
  'aarch64': 'arm64',
  'i386': '386',
};

function readPlatform(written: string | undefined): Platform | undefined {
  if (written === undefined) {
    return undefined;
  }
  const [os, architecture, variant, ...rest] = written.toLowerCase().split('/');
  if (!os || !architecture || variant === '' || rest.length > 0) {
    throw new UsageError(`--platform ${written} is no platform`, 'Write it as linux/amd64 or linux/arm/v7.');
  }
  const known = sameArchitecture[architecture] ?? architecture;
  // v8 is what arm64 means; images are mostly stored without it.
  return { os, architecture: known, variant: known === 'arm64' && variant === 'v8' ? undefined : variant };
}
