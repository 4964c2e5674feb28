/**
 * Cuts zstd data where a frame ends. A stream may hold several (parallel compressors, chunked layers) and frames to be skipped,
 * but Node's decompressor drops what follows the end of a frame within one piece.
 */

/** The frames are cut off, or are none. */
export class DamagedZstd extends Error {}

/**
 * The same bytes; no piece holds the end of one frame and the start of the next. What is no zstd passes as it is.
 * Throws DamagedZstd at a frame without an end, which some versions of Node take for a whole one.
 */
export async function* cutAtFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const state: State = { expects: 'magic', skip: 0, field: new Uint8Array(4), filled: 0, hasChecksum: false };
  for await (const chunk of source) {
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      at += advance(state, chunk, at);
      if (state.expects === 'end' && state.skip === 0) {
        state.expects = 'magic';
        yield chunk.subarray(start, at);
        start = at;
      }
    }
    if (start < at) {
      yield chunk.subarray(start);
    }
  }
  const between = state.expects === 'magic' && state.filled === 0;
  if (!between && state.expects !== 'foreign') {
    throw new DamagedZstd('a frame without an end');
  }
}

interface State {
  /** What stands after the bytes to skip. `end`: the frame does. `foreign`: no zstd from here on. */
  expects: 'magic' | 'skippable size' | 'descriptor' | 'block' | 'end' | 'foreign';
  skip: number;
  readonly field: Uint8Array;
  filled: number;
  hasChecksum: boolean;
}

/** Passes at least one byte; answers how many. */
function advance(state: State, chunk: Uint8Array, at: number): number {
  const left = chunk.length - at;
  if (state.expects === 'foreign') {
    return left;
  }
  if (state.skip > 0) {
    const step = Math.min(state.skip, left);
    state.skip -= step;
    return step;
  }
  state.field[state.filled++] = chunk[at]!;
  if (state.filled === fieldLength(state.expects)) {
    state.filled = 0;
    readField(state);
  }
  return 1;
}

function fieldLength(expects: State['expects']): number {
  switch (expects) {
    case 'magic':
    case 'skippable size':
      return 4;
    case 'block':
      return 3;
    case 'descriptor':
    case 'end':
    case 'foreign':
      return 1;
  }
}

/** RFC 8878, section 3.1. */
function readField(state: State): void {
  const [a = 0, b = 0, c = 0, d = 0] = state.field;
  switch (state.expects) {
    case 'magic':
      state.expects = magicOf((a | (b << 8) | (c << 16) | (d << 24)) >>> 0);
      break;
    case 'skippable size':
      state.skip = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
      state.expects = 'end';
      break;
    case 'descriptor':
      state.skip = restOfHeader(a);
      state.hasChecksum = (a & 0x04) !== 0;
      state.expects = 'block';
      break;
    case 'block': {
      const header = a | (b << 8) | (c << 16);
      const isLast = (header & 1) === 1;
      const type = (header >> 1) & 3;
      if (type === 3) {
        throw new DamagedZstd('a block of a reserved type');
      }
      const isRepeatedByte = type === 1;
      state.skip = (isRepeatedByte ? 1 : header >> 3) + (isLast && state.hasChecksum ? 4 : 0);
      state.expects = isLast ? 'end' : 'block';
      break;
    }
    case 'end':
    case 'foreign':
      break;
  }
}

function magicOf(number: number): State['expects'] {
  if (number === 0xfd2f_b528) {
    return 'descriptor';
  }
  return (number & 0xffff_fff0) >>> 0 === 0x184d_2a50 ? 'skippable size' : 'foreign';
}

/** Window descriptor, dictionary id and content size. */
function restOfHeader(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}
