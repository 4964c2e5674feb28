/**
 * Bytes of a tar archive to its entries. A push parser: it is fed what comes and tells how much of what follows it can do
 * without, so that a walk over a file on disk may jump and a pipe may let it pass.
 */
import { mergePax, readPax, type PaxFields } from './pax.ts';
import {
  applyPax,
  hasData,
  newEntry,
  noBytes,
  readFields,
  readPrefix,
  type TarEntry,
  type WritableEntry,
} from './tar-entry.ts';
import { blockSize, checkHeader, readNumber, textEnd } from './tar-header.ts';

export type { EntryKind, TarEntry } from './tar-entry.ts';

export interface TarProblem {
  readonly kind: 'truncated' | 'damaged';
  /** Offset of the block it was noticed at. */
  readonly at: number;
  /** Ends a sentence: "the archive …". */
  readonly says: string;
}

export interface TarParser {
  /** Takes the bytes at the current position; answers a problem that cannot be read past. */
  feed(bytes: Uint8Array): TarProblem | undefined;
  /**
   * How many of the bytes that follow, at most `available`, are of no interest. They count as passed: the next feed starts
   * after them.
   */
  jump(available: number): number;
  /** No more bytes will come. */
  end(): TarProblem | undefined;
  /** The end mark was seen: whatever follows is not part of the archive. */
  readonly finished: boolean;
  /** Offset of the next byte to be fed. */
  readonly position: number;
}

export function tarParser(onEntry: (entry: TarEntry) => void): TarParser {
  const state = newState(onEntry);
  return {
    feed: (bytes) => (state.problem ??= feed(state, bytes)),
    jump: (available) => {
      const skip = state.finished ? 0 : Math.min(state.skip, available);
      state.position += skip;
      state.skip -= skip;
      return skip;
    },
    end: () => (state.problem ??= end(state)),
    get finished() {
      return state.finished;
    },
    get position() {
      return state.position;
    },
  };
}

/** What stands in the blocks that come next. */
type Expected = 'header' | 'sparse-map' | 'long-name' | 'long-link' | 'pax' | 'global-pax';

interface State {
  readonly onEntry: (entry: TarEntry) => void;
  readonly entry: WritableEntry;
  /** A header that came in two pieces, or not at an address of whole words. */
  readonly block: Uint8Array;
  readonly blockWords: Int32Array;
  blockFilled: number;
  /** A view of whatever memory was fed last. */
  words: Int32Array;
  expected: Expected;
  position: number;
  /** Bytes to pass before the next expected thing. */
  skip: number;
  finished: boolean;
  problem: TarProblem | undefined;
  /** Whether data follows the entry being read: links, devices and directories have none, whatever size they tell. */
  hasData: boolean;
  /** The body of a long name or a pax header: bytes wanted, then what came of them. */
  bodyWanted: number;
  body: Uint8Array[];
  bodyLength: number;
  longName: Uint8Array | undefined;
  longLink: Uint8Array | undefined;
  pax: PaxFields | undefined;
  globalPax: PaxFields | undefined;
}

/** A name or a set of attributes that is larger than this is no honest one. */
const largestBody = 16 * 1024 * 1024;

function newState(onEntry: (entry: TarEntry) => void): State {
  const block = new Uint8Array(blockSize);
  return {
    onEntry,
    entry: newEntry(),
    block,
    blockWords: new Int32Array(block.buffer),
    blockFilled: 0,
    words: new Int32Array(block.buffer),
    expected: 'header',
    position: 0,
    skip: 0,
    finished: false,
    problem: undefined,
    hasData: false,
    bodyWanted: 0,
    body: [],
    bodyLength: 0,
    longName: undefined,
    longLink: undefined,
    pax: undefined,
    globalPax: undefined,
  };
}

function feed(state: State, bytes: Uint8Array): TarProblem | undefined {
  let at = 0;
  while (at < bytes.length) {
    const left = bytes.length - at;
    if (state.finished) {
      state.position += left;
      return undefined;
    }
    if (state.skip > 0) {
      const step = Math.min(state.skip, left);
      state.skip -= step;
      state.position += step;
      at += step;
    } else if (state.expected === 'header' || state.expected === 'sparse-map') {
      const step = Math.min(blockSize - state.blockFilled, left);
      const problem = takeBlock(state, bytes, at, step);
      if (problem !== undefined) {
        return problem;
      }
      at += step;
    } else {
      const step = Math.min(state.bodyWanted - state.bodyLength, left);
      state.body.push(bytes.slice(at, at + step));
      state.bodyLength += step;
      state.position += step;
      at += step;
      if (state.bodyLength === state.bodyWanted) {
        const problem = takeBody(state);
        if (problem !== undefined) {
          return problem;
        }
      }
    }
  }
  return undefined;
}

function end(state: State): TarProblem | undefined {
  const complete = state.skip === 0 && state.blockFilled === 0 && state.expected === 'header';
  if (state.finished || (complete && !hasPendingNames(state))) {
    return undefined;
  }
  return {
    kind: 'truncated',
    at: state.position,
    says: `ends in the middle of an entry, after ${state.position} bytes`,
  };
}

function hasPendingNames(state: State): boolean {
  return state.longName !== undefined || state.longLink !== undefined || state.pax !== undefined;
}

function damaged(at: number, says: string): TarProblem {
  return { kind: 'damaged', at, says: `${says} at byte ${at}` };
}

/** A whole block is read where it lies if it lies at a whole word; else it is gathered first. */
function takeBlock(state: State, bytes: Uint8Array, at: number, step: number): TarProblem | undefined {
  const address = bytes.byteOffset + at;
  if (step === blockSize && (address & 3) === 0) {
    if (state.words.buffer !== bytes.buffer) {
      state.words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
    }
    state.position += blockSize;
    return readBlock(state, bytes, at, state.words, address >> 2);
  }
  state.block.set(bytes.subarray(at, at + step), state.blockFilled);
  state.blockFilled += step;
  state.position += step;
  if (state.blockFilled < blockSize) {
    return undefined;
  }
  state.blockFilled = 0;
  return readBlock(state, state.block, 0, state.blockWords, 0);
}

function readBlock(
  state: State,
  bytes: Uint8Array,
  at: number,
  words: Int32Array,
  word: number,
): TarProblem | undefined {
  if (state.expected === 'sparse-map') {
    if (bytes[at + 504] === 0) {
      emit(state);
    }
    return undefined;
  }
  switch (checkHeader(bytes, at, words, word)) {
    case 'zero':
      state.finished = true;
      return hasPendingNames(state) ? damaged(state.position - blockSize, 'has a name without an entry') : undefined;
    case 'damaged':
      return damaged(state.position - blockSize, 'has a header with a wrong checksum');
    case 'header':
      return readHeader(state, bytes, at);
  }
}

/** Type flags, as character codes. */
const flag = {
  longName: 0x4c,
  longLink: 0x4b,
  pax: 0x78,
  solarisPax: 0x58,
  globalPax: 0x67,
  volumeLabel: 0x56,
  sparse: 0x53,
} as const;

function readHeader(state: State, bytes: Uint8Array, at: number): TarProblem | undefined {
  const size = readNumber(bytes, at + 124, at + 136);
  if (!Number.isSafeInteger(size) || size < 0) {
    return damaged(state.position - blockSize, 'has an entry without a readable size');
  }
  switch (bytes[at + 156]) {
    case flag.longName:
      return expectBody(state, 'long-name', size);
    case flag.longLink:
      return expectBody(state, 'long-link', size);
    case flag.pax:
    case flag.solarisPax:
      return expectBody(state, 'pax', size);
    case flag.globalPax:
      return expectBody(state, 'global-pax', size);
    case flag.volumeLabel:
      state.skip = padded(size);
      return undefined;
    default:
      return readEntry(state, bytes, at, size);
  }
}

function expectBody(state: State, expected: Expected, size: number): TarProblem | undefined {
  if (size > largestBody) {
    return damaged(state.position - blockSize, `has a name or attributes of ${size} bytes`);
  }
  state.expected = expected;
  state.bodyWanted = size;
  state.bodyLength = 0;
  state.body = [];
  return size === 0 ? takeBody(state) : undefined;
}

function takeBody(state: State): TarProblem | undefined {
  const body = joined(state.body, state.bodyLength);
  const kind = state.expected;
  state.body = [];
  state.expected = 'header';
  state.skip = padded(body.length) - body.length;
  if (kind === 'long-name') {
    state.longName = body.subarray(0, textEnd(body, 0, body.length));
  } else if (kind === 'long-link') {
    state.longLink = body.subarray(0, textEnd(body, 0, body.length));
  } else {
    const fields = readPax(body);
    if (fields === undefined) {
      return damaged(state.position - body.length, 'has an unreadable pax header');
    }
    if (kind === 'pax') {
      state.pax = state.pax === undefined ? fields : mergePax(state.pax, fields);
    } else {
      state.globalPax = mergePax(state.globalPax ?? {}, fields);
    }
  }
  return undefined;
}

function readEntry(state: State, bytes: Uint8Array, at: number, size: number): TarProblem | undefined {
  const typeFlag = bytes[at + 156]!;
  state.hasData = hasData(typeFlag);
  readFields(state.entry, bytes, at, size);
  if (typeFlag === flag.sparse) {
    return readSparse(state, bytes, at);
  }
  readPrefix(state.entry, bytes, at);
  applyOverrides(state);
  return emitChecked(state);
}

/** GNU's own sparse format: the file's size stands in the header, its map possibly in further blocks. */
function readSparse(state: State, bytes: Uint8Array, at: number): TarProblem | undefined {
  const size = readNumber(bytes, at + 483, at + 495);
  if (!Number.isSafeInteger(size) || size < 0) {
    return damaged(state.position - blockSize, 'has a sparse file without a readable size');
  }
  state.entry.size = size;
  // The views of this block end with the feed, and further blocks may come in the next one.
  state.entry.path = state.entry.path.slice();
  applyOverrides(state);
  if (bytes[at + 482] === 0) {
    return emitChecked(state);
  }
  state.expected = 'sparse-map';
  return undefined;
}

function applyOverrides(state: State): void {
  const { entry } = state;
  if (state.globalPax !== undefined || state.pax !== undefined) {
    applyPax(entry, mergePax(state.globalPax ?? {}, state.pax ?? {}));
    state.pax = undefined;
  }
  // A long name comes closer to the entry than a pax header of the same entry, where both were written.
  if (state.longName !== undefined) {
    entry.path = state.longName;
    state.longName = undefined;
  }
  if (state.longLink !== undefined) {
    entry.link = state.longLink;
    state.longLink = undefined;
  }
}

function emitChecked(state: State): TarProblem | undefined {
  const { storedSize } = state.entry;
  if (!Number.isSafeInteger(storedSize + state.position) || !Number.isSafeInteger(state.entry.size)) {
    return damaged(state.position - blockSize, 'has an entry of impossible size');
  }
  emit(state);
  return undefined;
}

/** Only regular files have a size, whatever a header says; a file whose name ends in a slash is a directory (v7). Both as in Go's reader. */
function emit(state: State): void {
  const { entry } = state;
  state.expected = 'header';
  const endsInSlash = entry.path.length > 0 && entry.path[entry.path.length - 1] === 0x2f;
  state.skip = state.hasData ? padded(entry.storedSize) : 0;
  if (entry.kind === 'file' && endsInSlash) {
    entry.kind = 'directory';
  }
  entry.dataStart = state.position;
  if (entry.kind !== 'file') {
    entry.size = 0;
    entry.storedSize = 0;
  }
  if (entry.kind !== 'hard-link' && entry.kind !== 'symlink') {
    entry.link = noBytes;
  }
  state.onEntry(entry);
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
