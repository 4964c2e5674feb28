/** Which of an image's platforms is meant. Never asks what machine this is: the same command says the same everywhere. */
import type { Platform } from '../image/image.ts';
import { SourceError } from './source.ts';

/** `why` is there to be told where there was a choice. */
export interface Choice<T> {
  readonly chosen: T;
  readonly why: string | undefined;
}

interface Candidate {
  readonly platform: Platform;
}

/** The wanted one; else the only one; else linux/amd64. Throws SourceError('no-such-platform') that lists what there is. */
export function choosePlatform<T extends Candidate>(
  candidates: readonly T[],
  wanted: Platform | undefined,
  name: string,
): Choice<T> {
  const fitting = candidates.filter(({ platform }) => wanted === undefined || fits(platform, wanted));
  const [first] = fitting;
  if (first === undefined) {
    throw noSuchPlatform(candidates, `${name} is not for ${platformText(wanted ?? usual)}`);
  }
  const differ = new Set(fitting.map(({ platform }) => platformText(platform))).size > 1;
  if (!differ) {
    return { chosen: first, why: undefined };
  }
  if (wanted !== undefined) {
    const exact = fitting.find(({ platform }) => platform.variant === wanted.variant);
    return { chosen: exact ?? first, why: undefined };
  }
  const amd64 = fitting.find(({ platform }) => fits(platform, usual));
  if (amd64 === undefined) {
    throw noSuchPlatform(candidates, `${name} holds several platforms and none of them is linux/amd64`);
  }
  return {
    chosen: amd64,
    why: `${name} holds ${listed(candidates)}; ${platformText(amd64.platform)} is shown because none was asked for.`,
  };
}

const usual: Platform = { os: 'linux', architecture: 'amd64', variant: undefined };

/** A variant that one of the two does not name does not keep them apart. */
export function fits(platform: Platform, wanted: Platform): boolean {
  return (
    platform.os === wanted.os &&
    platform.architecture === wanted.architecture &&
    (platform.variant === undefined || wanted.variant === undefined || platform.variant === wanted.variant)
  );
}

export function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

function noSuchPlatform(candidates: readonly Candidate[], says: string): SourceError {
  return new SourceError('no-such-platform', `${says}; it holds ${listed(candidates)}.`, {
    hint: `Ask for one of them, such as --platform ${platformText(candidates[0]?.platform ?? usual)}.`,
  });
}

function listed(candidates: readonly Candidate[]): string {
  return [...new Set(candidates.map(({ platform }) => platformText(platform)))].join(', ');
}
