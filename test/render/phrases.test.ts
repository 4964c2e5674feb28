/** Numbers as words. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  count,
  dateTime,
  duration,
  progress,
  sentence,
  shortDigest,
  shortSource,
  size,
} from '../../server/src/render/phrases.ts';

// Right: what Go's `%.3g` prints, as `docker history` does, but for "1e+03kB", which people read as 1 MB.
test.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1234, '1.23 kB'],
  [12_250, '12.2 kB'],
  [12_350, '12.3 kB'],
  [12_750, '12.8 kB'],
  [1_005_000, '1 MB'],
  [1_015_000, '1.01 MB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [61_200_000, '61.2 MB'],
  [161_000_000, '161 MB'],
  [2_500_000_000, '2.5 GB'],
  [Number.MAX_SAFE_INTEGER, '9.01 PB'],
])('%i bytes are %s', (bytes, words) => {
  expect(size(bytes)).toBe(words);
});

test('a size has at most three digits and is within half a percent', () => {
  const units = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      const [, digits, unit] = /^(\d+(?:\.\d+)?) (B|kB|MB|GB|TB|PB)$/.exec(size(bytes))!;
      expect(digits!.replace('.', '').length).toBeLessThanOrEqual(3);
      expect(Math.abs(Number(digits) * units[unit as keyof typeof units] - bytes)).toBeLessThanOrEqual(bytes * 0.005);
    }),
  );
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [3_250, '3.3 s'],
  [9_949, '9.9 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [125_000, '2 min 5 s'],
  [3_599_600, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%d milliseconds are %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test('counts know their plural and group their digits', () => {
  expect([
    count(0, 'file'),
    count(1, 'file'),
    count(70_000, 'file'),
    count(1, 'directory'),
    count(2, 'directory'),
  ]).toEqual(['0 files', '1 file', '70,000 files', '1 directory', '2 directories']);
});

test('names are cut where nothing is lost', () => {
  const hash = 'abcdef0123456789'.repeat(4);
  expect(shortDigest(`sha256:${hash}`)).toBe('sha256:abcdef012345');
  expect(shortSource('docker-archive:/home/me/app.tar')).toBe('docker-archive:app.tar');
  expect(shortSource('docker-archive:C:\\images\\app.tar')).toBe('docker-archive:app.tar');
  expect(shortSource('docker-daemon:ghcr.io/me/app:1')).toBe('docker-daemon:ghcr.io/me/app:1');
  expect(shortSource(`docker-daemon:sha256:${hash}`)).toBe('docker-daemon:sha256:abcdef012345');
  expect(dateTime('2026-01-02T03:04:05.678901Z')).toBe('2026-01-02 03:04 UTC');
});

test('what a rule says has its numbers written out', () => {
  expect(sentence(['puts ', { bytes: 61_200_000 }, ' here'])).toBe('puts 61.2 MB here');
  expect(progress(8_000, undefined)).toBe('8 kB');
  expect(progress(8_000, 1_200_000)).toBe('8 kB of 1.2 MB');
});
