/** One entry of a tar, and how the fields of its header become one. */
import type { PaxFields } from './pax.ts';
import { prefixSpan, readNumber, textEnd } from './tar-header.ts';

export type EntryKind = 'file' | 'hard-link' | 'symlink' | 'character-device' | 'block-device' | 'directory' | 'fifo';

/** One entry. It and its bytes are valid during the call only: the same object is handed out again and again. */
export interface TarEntry {
  /** Raw bytes: names in an archive need not be UTF-8. */
  readonly path: Uint8Array;
  /** Target of a symlink or a hard link; else empty. */
  readonly link: Uint8Array;
  readonly kind: EntryKind;
  /** Bytes of a regular file, holes included; 0 for everything else. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, possibly negative or with a fraction. */
  readonly mtime: number;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** Where its data starts in the archive, and how many bytes of it stand there (less than `size` where there are holes). */
  readonly dataStart: number;
  readonly storedSize: number;
  readonly xattrs: ReadonlyMap<string, Uint8Array> | undefined;
}

export type WritableEntry = { -readonly [K in keyof TarEntry]: TarEntry[K] };

export const noBytes = new Uint8Array(0);

export function newEntry(): WritableEntry {
  return {
    path: noBytes,
    link: noBytes,
    kind: 'file',
    size: 0,
    mode: 0,
    uid: 0,
    gid: 0,
    mtime: 0,
    deviceMajor: 0,
    deviceMinor: 0,
    dataStart: 0,
    storedSize: 0,
    xattrs: undefined,
  };
}

/** Whether data follows: links, devices and directories have none, whatever size their header tells. */
export function hasData(typeFlag: number): boolean {
  return typeFlag < 0x31 || typeFlag > 0x36;
}

/** The fixed fields, without the prefix of a long name. */
export function readFields(entry: WritableEntry, bytes: Uint8Array, at: number, size: number): void {
  const typeFlag = bytes[at + 156]!;
  entry.kind = kindOf(typeFlag);
  entry.path = bytes.subarray(at, textEnd(bytes, at, at + 100));
  entry.link = bytes[at + 157] === 0 ? noBytes : bytes.subarray(at + 157, textEnd(bytes, at + 157, at + 257));
  entry.mode = orZero(readNumber(bytes, at + 100, at + 108)) & 0o7777;
  entry.uid = orZero(readNumber(bytes, at + 108, at + 116));
  entry.gid = orZero(readNumber(bytes, at + 116, at + 124));
  entry.mtime = orZero(readNumber(bytes, at + 136, at + 148));
  entry.xattrs = undefined;
  entry.size = size;
  entry.storedSize = size;
  const isDevice = entry.kind === 'character-device' || entry.kind === 'block-device';
  entry.deviceMajor = isDevice ? orZero(readNumber(bytes, at + 329, at + 337)) : 0;
  entry.deviceMinor = isDevice ? orZero(readNumber(bytes, at + 337, at + 345)) : 0;
}

/** Puts the two halves of a long name together. */
export function readPrefix(entry: WritableEntry, bytes: Uint8Array, at: number): void {
  const prefix = prefixSpan(bytes, at);
  if (prefix !== undefined && prefix.end > prefix.start) {
    entry.path = joinedPath(bytes.subarray(prefix.start, prefix.end), entry.path);
  }
}

export function applyPax(entry: WritableEntry, pax: PaxFields): void {
  entry.path = pax.sparsePath ?? pax.path ?? entry.path;
  entry.link = pax.link ?? entry.link;
  entry.storedSize = pax.size ?? entry.storedSize;
  entry.size = pax.realSize ?? pax.size ?? entry.size;
  entry.uid = pax.uid ?? entry.uid;
  entry.gid = pax.gid ?? entry.gid;
  entry.mtime = pax.mtime ?? entry.mtime;
  entry.xattrs = pax.xattrs;
}

/** Unknown flags are read as regular files, as POSIX asks. */
function kindOf(typeFlag: number): EntryKind {
  switch (typeFlag) {
    case 0x31:
      return 'hard-link';
    case 0x32:
      return 'symlink';
    case 0x33:
      return 'character-device';
    case 0x34:
      return 'block-device';
    case 0x35:
    case 0x44:
      return 'directory';
    case 0x36:
      return 'fifo';
    default:
      return 'file';
  }
}

function orZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function joinedPath(prefix: Uint8Array, name: Uint8Array): Uint8Array {
  const whole = new Uint8Array(prefix.length + 1 + name.length);
  whole.set(prefix);
  whole[prefix.length] = 0x2f;
  whole.set(name, prefix.length + 1);
  return whole;
}
