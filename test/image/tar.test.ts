/** The tar parser against what Python's tarfile reads in archives of every dialect, fed whole, by bytes and by jumps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tarParser, type TarEntry, type TarProblem } from '../../server/src/image/tar.ts';

interface OddArchive {
  readonly name: string;
  /** gzip, base64 */
  readonly tar: string;
  readonly entries: readonly ReadEntry[];
}

interface ReadEntry {
  /** Bytes as characters. */
  readonly path: string;
  readonly kind: string;
  readonly size: number;
  readonly link: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly device: readonly number[];
  readonly xattrs: Readonly<Record<string, string>>;
}

const archives = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'odd-archives.json'), 'utf8'),
) as OddArchive[];

describe('as Python reads it', () => {
  test.each(archives)('$name', ({ tar, entries, name }) => {
    check(
      bytesOf(tar),
      entries.map((entry) => expected(entry, name)),
    );
  });
});

describe('trouble', () => {
  const plain = archive('ustar');
  const long = archive('gnu long name');
  const sparse = archive('gnu sparse with many pieces');

  test('cut inside a header', () => {
    checkTrouble(plain.subarray(0, 700), 'truncated: ends in the middle of an entry, after 700 bytes');
  });
  test('cut inside data', () => {
    checkTrouble(plain.subarray(0, 1026), 'truncated: ends in the middle of an entry, after 1026 bytes');
  });
  test('cut after a long name', () => {
    checkTrouble(long.subarray(0, 1024 + 512), 'truncated: ends in the middle of an entry, after 1536 bytes');
  });
  test('cut inside the map of a sparse file', () => {
    checkTrouble(sparse.subarray(0, 1024 + 512), 'truncated: ends in the middle of an entry, after 1536 bytes');
  });
  test('a flipped bit in a header', () => {
    const bytes = Buffer.from(plain);
    bytes[517]! ^= 1;
    checkTrouble(bytes, 'damaged: has a header with a wrong checksum at byte 512');
  });
  test('a size that is no number', () => {
    checkTrouble(withField(plain, 124, 'zzzzzzzzzzz\0'), 'damaged: has an entry without a readable size at byte 0');
  });
  test('a negative size', () => {
    checkTrouble(withField(plain, 124, '\xff'.repeat(12)), 'damaged: has an entry without a readable size at byte 0');
  });
  test('a name of a gigabyte', () => {
    checkTrouble(
      withField(withField(plain, 124, '10000000000\0'), 156, 'L'),
      'damaged: has a name or attributes of 1073741824 bytes at byte 0',
    );
  });
  test('pax records that are none', () => {
    const bytes = Buffer.from(archive('pax long name'));
    bytes.write('xx', 512);
    checkTrouble(bytes, 'damaged: has an unreadable pax header at byte 512');
  });
  test('text', () => {
    checkTrouble(Buffer.from('<!doctype html>'.repeat(100)), 'damaged: has a header with a wrong checksum at byte 0');
  });
});

function check(bytes: Uint8Array, entries: readonly ReadEntry[]): void {
  const readings = [
    parse(bytes, bytes.length),
    parse(bytes, 1000),
    parse(bytes, 37),
    parse(bytes, 512, true),
    parse(bytes, 1536, true),
  ];
  expect(readings).toEqual(readings.map(() => ({ entries, problem: undefined })));
}

function checkTrouble(bytes: Uint8Array, problem: string): void {
  for (const chunk of [bytes.length, 37]) {
    const found = parse(bytes, chunk).problem;
    expect(found && `${found.kind}: ${found.says}`).toBe(problem);
  }
}

function parse(
  bytes: Uint8Array,
  chunk: number,
  jumps = false,
): { entries: ReadEntry[]; problem: TarProblem | undefined } {
  const entries: ReadEntry[] = [];
  const parser = tarParser((entry) => entries.push(readEntry(entry)));
  let at = 0;
  while (at < bytes.length) {
    const problem = parser.feed(bytes.subarray(at, at + chunk));
    if (problem !== undefined) {
      return { entries, problem };
    }
    at = Math.min(bytes.length, at + chunk);
    at += jumps ? parser.jump(bytes.length - at) : 0;
  }
  return { entries, problem: parser.end() };
}

function readEntry(entry: TarEntry): ReadEntry {
  const { kind, size, mode, uid, gid, mtime, deviceMajor, deviceMinor } = entry;
  const xattrs = Object.fromEntries([...(entry.xattrs ?? [])].map(([key, value]) => [key, characters(value)]));
  const path = characters(entry.path);
  return {
    path: path.length > 1 && kind === 'directory' ? path.replace(/\/+$/, '') : path,
    kind,
    size,
    link: characters(entry.link),
    mode,
    uid,
    gid,
    mtime,
    device: [deviceMajor, deviceMinor],
    xattrs,
  };
}

/** Where Go's reader, and so every engine, reads something else than Python. */
function expected(entry: ReadEntry, archive: string): ReadEntry {
  return archive === 'v7' && entry.path === 'dir' ? { ...entry, kind: 'directory' } : entry;
}

function archive(name: string): Uint8Array {
  return bytesOf(archives.find((one) => one.name === name)!.tar);
}

function bytesOf(tar: string): Uint8Array {
  return gunzipSync(Buffer.from(tar, 'base64'));
}

/** Overwrites a field of the first header and corrects the checksum. */
function withField(tar: Uint8Array, at: number, text: string): Uint8Array {
  const bytes = Buffer.from(tar);
  bytes.write(text, at, 'latin1');
  bytes.write(' '.repeat(8), 148);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

function characters(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
