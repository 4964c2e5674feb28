/** A tar file on disk as named blobs, by one walk over its headers: nothing is unpacked. */
import { fstatSync } from 'node:fs';
import { posix } from 'node:path';
import type { TarEntry } from '../image/tar.ts';
import { closeFile, fileBlob, openFile, type OpenFile } from './files.ts';
import { walkTar } from './seek-walk.ts';
import { SourceError, type Blob, type BlobStore } from './source.ts';

export interface TarStore extends BlobStore {
  /** Names at the top, for telling what kind of archive it is. */
  readonly topNames: ReadonlySet<string>;
}

/** Throws SourceError. */
export async function openTarStore(path: string, signal: AbortSignal): Promise<TarStore> {
  const file = openFile(path);
  try {
    const { members, topNames } = await readMembers(file, signal);
    return {
      topNames,
      open: (name) => Promise.resolve(openMember(file, members, name)),
      [Symbol.asyncDispose]: () => {
        closeFile(file);
        return Promise.resolve();
      },
    };
  } catch (error) {
    closeFile(file);
    throw error;
  }
}

type Member =
  | { readonly kind: 'data'; readonly start: number; readonly size: number; readonly hasHoles: boolean }
  | { readonly kind: 'link'; readonly target: string };

async function readMembers(
  file: OpenFile,
  signal: AbortSignal,
): Promise<{ readonly members: Map<string, Member>; readonly topNames: Set<string> }> {
  const members = new Map<string, Member>();
  const topNames = new Set<string>();
  const { size } = fstatSync(file.descriptor);
  const { readAt } = fileBlob(file, 0, size);
  await walkTar(
    { name: file.path, size, readAt: readAt! },
    (entry) => {
      const name = memberName(entry.path);
      const member = memberOf(name, entry);
      if (name !== '') {
        topNames.add(name.split('/', 1)[0]!);
      }
      if (member !== undefined) {
        members.set(name, member);
      }
    },
    signal,
  );
  return { members, topNames };
}

function memberOf(name: string, entry: TarEntry): Member | undefined {
  switch (entry.kind) {
    case 'file':
      return {
        kind: 'data',
        start: entry.dataStart,
        size: entry.storedSize,
        hasHoles: entry.size !== entry.storedSize,
      };
    case 'hard-link':
      return { kind: 'link', target: memberName(entry.link) };
    case 'symlink':
      return { kind: 'link', target: symlinkTarget(name, entry.link) };
    case 'directory':
    case 'fifo':
    case 'character-device':
    case 'block-device':
      return undefined;
  }
}

/** `./a//b` and `/a/b` are `a/b`. */
export function memberName(path: Uint8Array): string {
  return posix.normalize(`/${Buffer.from(path).toString()}`).slice(1);
}

/** Relative to the folder the link stands in; it does not lead out of the archive. */
export function symlinkTarget(name: string, link: Uint8Array): string {
  return posix.normalize(`/${posix.dirname(name)}/${Buffer.from(link).toString()}`).slice(1);
}

function openMember(file: OpenFile, members: ReadonlyMap<string, Member>, name: string): Blob | undefined {
  let member = members.get(name);
  for (let hops = 0; member?.kind === 'link' && hops < 16; hops++) {
    member = members.get(member.target);
  }
  if (member === undefined || member.kind === 'link') {
    return undefined;
  }
  if (member.hasHoles) {
    throw new SourceError('unsupported', `${file.path} was packed with holes (\`tar --sparse\`).`, {
      hint: 'Pack it again without --sparse.',
    });
  }
  return fileBlob(file, member.start, member.size);
}
