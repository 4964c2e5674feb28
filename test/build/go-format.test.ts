import { expect, test } from 'vitest';
import { formatDuration, quote } from '../../server/src/build/go-format.ts';
import { readDuration } from '../../server/src/dockerfile/duration.ts';

test.each([
  ['plain', '"plain"'],
  ['say "hi"\\', '"say \\"hi\\"\\\\"'],
  ['a\tb\nc\u0001\u007f', '"a\\tb\\nc\\x01\\x7f"'],
  ['é ✓ 日', '"é ✓ 日"'],
  ['\u200b\u00a0\u{e0001}', '"\\u200b\\u00a0\\U000e0001"'],
])('quote %j', (text, expected) => expect(quote(text)).toBe(expected));

test.each([
  ['90s', '1m30s'],
  ['1500ms', '1.5s'],
  ['0.5h', '30m0s'],
  ['1h', '1h0m0s'],
  ['250us', '250µs'],
  ['0', '0s'],
  ['1h2m3.004s', '1h2m3.004s'],
])('duration %s', (text, expected) => expect(formatDuration(readDuration(text)!)).toBe(expected));
