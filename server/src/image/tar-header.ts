/** The fixed fields of a tar header (512 bytes): checksum, numbers and names, in the dialects v7, ustar, star and GNU. */

export const blockSize = 512;

const checksumStart = 148;
const checksumEnd = 156;
const wordsOfBlock = blockSize / 4;

/** `zero`: the block of zeros that ends an archive. */
export type HeaderCheck = 'header' | 'zero' | 'damaged';

/** `words` views the same memory as `bytes`, from the header's first byte on; counting words is four times as fast as counting bytes. */
export function checkHeader(bytes: Uint8Array, start: number, words: Int32Array, firstWord: number): HeaderCheck {
  const sum = sumOfBytes(words, firstWord);
  if (sum === 0) {
    return 'zero';
  }
  let withBlanks = sum;
  for (let at = start + checksumStart; at < start + checksumEnd; at++) {
    withBlanks += 0x20 - bytes[at]!;
  }
  const told = readNumber(bytes, start + checksumStart, start + checksumEnd);
  return told === withBlanks || told === signedSum(bytes, start) ? 'header' : 'damaged';
}

/** Two lanes of 16 bits hold 128 words of two bytes each: 128 * 2 * 255 = 65,280. */
function sumOfBytes(words: Int32Array, firstWord: number): number {
  let lanes = 0;
  const end = firstWord + wordsOfBlock;
  for (let at = firstWord; at < end; at++) {
    const word = words[at]!;
    lanes = (lanes + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0;
  }
  return (lanes & 0xffff) + (lanes >>> 16);
}

/** Some old writers summed signed characters. */
function signedSum(bytes: Uint8Array, start: number): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < blockSize; at++) {
    if (at < checksumStart || at >= checksumEnd) {
      const byte = bytes[start + at]!;
      sum += byte < 0x80 ? byte : byte - 0x100;
    }
  }
  return sum;
}

/** Octal digits, or base 256 where the first bit is set (two's complement over the remaining bits). NaN where it is neither; blank is 0. */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]!;
  if (first >= 0x80) {
    return readBase256(bytes, start, end);
  }
  let at = start;
  while (at < end && bytes[at] === 0x20) {
    at++;
  }
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit >= 0 && digit < 8) {
      value = value * 8 + digit;
    } else if (digit === -0x30 || digit === -0x10) {
      break;
    } else {
      return Number.NaN;
    }
  }
  return value;
}

function readBase256(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]!;
  const negative = (first & 0x40) !== 0;
  let value = negative ? (first & 0x3f) - 0x40 : first & 0x3f;
  for (let at = start + 1; at < end; at++) {
    value = value * 256 + bytes[at]!;
  }
  return value;
}

/** Where the text in a field ends: at its first NUL, or at the field's end. */
export function textEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0) {
      return at;
    }
  }
  return end;
}

const prefixStart = 345;

/**
 * Where the prefix of a long name stands; undefined where the dialect has none or it is empty.
 * GNU keeps two times at its place, but Go before 1.8 wrote a prefix there under GNU's magic: text that is no time is a prefix.
 */
export function prefixSpan(bytes: Uint8Array, header: number): { start: number; end: number } | undefined {
  const start = header + prefixStart;
  if (bytes[start] === 0 || !startsWith(bytes, header + 257, ustar)) {
    return undefined;
  }
  if (bytes[header + 262] === 0x20) {
    const isTime = Number.isFinite(readNumber(bytes, start, start + 12));
    return isTime ? undefined : { start, end: textEnd(bytes, start, header + 500) };
  }
  const isStar = startsWith(bytes, header + 508, star);
  return { start, end: textEnd(bytes, start, header + (isStar ? 476 : 500)) };
}

const ustar = [0x75, 0x73, 0x74, 0x61, 0x72];
const star = [0x74, 0x61, 0x72, 0x00];

function startsWith(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}
