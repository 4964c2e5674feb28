/**
 * The entries of one layer, in columns over a single buffer: small, quick to hand to another thread, and the same bytes on
 * disk. Nodes are numbered level by level, the root first; the children of a directory lie side by side, sorted by name. So a
 * parent comes before its children, a name is found by halving, and all descendants at one depth are one range of numbers.
 */

/** What a node is. `whiteout`: nothing in this layer, and it hides what lower layers have at its path. */
export const nodeKind = {
  file: 1,
  hardLink: 2,
  symlink: 3,
  directory: 4,
  characterDevice: 5,
  blockDevice: 6,
  fifo: 7,
  whiteout: 8,
} as const;

export const nodeFlag = {
  /** A directory that the layer's tar does not name; something below it is named. */
  implied: 1,
  /** Nothing of lower layers at or below this path shows through: an opaque directory, or a whiteout beside a new file. */
  hidesBelow: 2,
  xattrs: 4,
} as const;

export interface LayerIndex {
  /** All of it; to transfer to another thread or to write to disk. */
  readonly buffer: ArrayBuffer;
  /** Number of nodes, root included. */
  readonly count: number;
  /** Entries in the tar; 0 for a layer that changes nothing. A path named twice is two entries and one node. */
  readonly entries: number;
  /** Sizes of all regular files of the tar added up. */
  readonly bytes: number;
  /** Length of the layer's tar. */
  readonly tarBytes: number;
  readonly sizes: Float64Array;
  /** Seconds since 1970. */
  readonly mtimes: Float64Array;
  /** Where a file's data starts in the layer's tar. */
  readonly dataStarts: Float64Array;
  readonly parents: Uint32Array;
  /** The children of node n are the nodes from `firstChild[n]` up to, not including, `firstChild[n + 1]`. */
  readonly firstChild: Uint32Array;
  /** A node's name is `names` from `nameStart[n]` to `nameStart[n + 1]`: raw bytes, without slashes. */
  readonly nameStart: Uint32Array;
  readonly uids: Uint32Array;
  readonly gids: Uint32Array;
  /** Nodes that are links, ascending; the target of `linkNodes[i]` is `links` from `linkStart[i]` to `linkStart[i + 1]`. */
  readonly linkNodes: Uint32Array;
  readonly linkStart: Uint32Array;
  readonly modes: Uint16Array;
  readonly kinds: Uint8Array;
  readonly flags: Uint8Array;
  readonly names: Uint8Array;
  readonly links: Uint8Array;
}

export interface IndexShape {
  readonly count: number;
  readonly linkCount: number;
  readonly nameBytes: number;
  readonly linkBytes: number;
  readonly entries: number;
  readonly bytes: number;
  readonly tarBytes: number;
}

/** Read as a number of this machine's byte order: an index from another kind of machine is not ours. */
const magic = 0x584c_4c31;
export const layerIndexVersion = 1;
const headerBytes = 64;

/** A buffer of the right size with its header, columns still empty. */
export function allocateIndex(shape: IndexShape): LayerIndex {
  const buffer = new ArrayBuffer(bytesOf(shape.count, shape.linkCount, shape.nameBytes, shape.linkBytes));
  const words = new Uint32Array(buffer, 0, 8);
  words.set([magic, layerIndexVersion, shape.count, shape.linkCount, shape.nameBytes, shape.linkBytes, shape.entries]);
  new Float64Array(buffer, 32, 2).set([shape.bytes, shape.tarBytes]);
  return view(buffer, shape);
}

/** Undefined for bytes that are no index of this version. */
export function openIndex(buffer: ArrayBuffer): LayerIndex | undefined {
  if (buffer.byteLength < headerBytes) {
    return undefined;
  }
  const [found, version, count, linkCount, nameBytes, linkBytes, entries] = new Uint32Array(buffer, 0, 8);
  const [bytes, tarBytes] = new Float64Array(buffer, 32, 2);
  if (found !== magic || version !== layerIndexVersion || count === undefined || count === 0) {
    return undefined;
  }
  const shape: IndexShape = {
    count,
    linkCount: linkCount!,
    nameBytes: nameBytes!,
    linkBytes: linkBytes!,
    entries: entries!,
    bytes: bytes!,
    tarBytes: tarBytes!,
  };
  return bytesOf(count, shape.linkCount, shape.nameBytes, shape.linkBytes) === buffer.byteLength
    ? view(buffer, shape)
    : undefined;
}

/** Columns of wide numbers stand first, so that each starts at a multiple of its width. */
function bytesOf(count: number, linkCount: number, nameBytes: number, linkBytes: number): number {
  return (
    headerBytes + count * 24 + (count * 5 + 2 + linkCount * 2 + 1) * 4 + count * 2 + count * 2 + nameBytes + linkBytes
  );
}

function view(buffer: ArrayBuffer, shape: IndexShape): LayerIndex {
  const { count, linkCount } = shape;
  let at = headerBytes;
  const place = (bytes: number): number => {
    const start = at;
    at += bytes;
    return start;
  };
  return {
    buffer,
    count,
    entries: shape.entries,
    bytes: shape.bytes,
    tarBytes: shape.tarBytes,
    sizes: new Float64Array(buffer, place(count * 8), count),
    mtimes: new Float64Array(buffer, place(count * 8), count),
    dataStarts: new Float64Array(buffer, place(count * 8), count),
    parents: new Uint32Array(buffer, place(count * 4), count),
    firstChild: new Uint32Array(buffer, place(count * 4 + 4), count + 1),
    nameStart: new Uint32Array(buffer, place(count * 4 + 4), count + 1),
    uids: new Uint32Array(buffer, place(count * 4), count),
    gids: new Uint32Array(buffer, place(count * 4), count),
    linkNodes: new Uint32Array(buffer, place(linkCount * 4), linkCount),
    linkStart: new Uint32Array(buffer, place(linkCount * 4 + 4), linkCount + 1),
    modes: new Uint16Array(buffer, place(count * 2), count),
    kinds: new Uint8Array(buffer, place(count), count),
    flags: new Uint8Array(buffer, place(count), count),
    names: new Uint8Array(buffer, place(shape.nameBytes), shape.nameBytes),
    links: new Uint8Array(buffer, place(shape.linkBytes), shape.linkBytes),
  };
}

/** The path as people see it, with a leading slash; bytes that are no UTF-8 are written `\xff`. */
export function pathOf(index: LayerIndex, node: number): string {
  const parts: string[] = [];
  for (let at = node; at !== 0; at = index.parents[at]!) {
    parts.push(nameOf(index, at));
  }
  return `/${parts.reverse().join('/')}`;
}

export function nameOf(index: LayerIndex, node: number): string {
  return readableText(index.names.subarray(index.nameStart[node], index.nameStart[node + 1]));
}

/** The node at a path (raw bytes or text, absolute or from the root), without following symlinks. */
export function findPath(index: LayerIndex, path: Uint8Array | string): number | undefined {
  const bytes = typeof path === 'string' ? new TextEncoder().encode(path) : path;
  let node: number | undefined = 0;
  for (let at = 0; at < bytes.length && node !== undefined;) {
    const slash = bytes.indexOf(0x2f, at);
    const end = slash === -1 ? bytes.length : slash;
    if (isParentReference(bytes, at, end)) {
      node = index.parents[node]!;
    } else if (end > at && !(end === at + 1 && bytes[at] === 0x2e)) {
      node = findChild(index, node, bytes, at, end);
    }
    at = end + 1;
  }
  return node;
}

function isParentReference(bytes: Uint8Array, start: number, end: number): boolean {
  return end === start + 2 && bytes[start] === 0x2e && bytes[start + 1] === 0x2e;
}

export function findChild(
  index: LayerIndex,
  parent: number,
  name: Uint8Array,
  nameStart: number,
  nameEnd: number,
): number | undefined {
  let low = index.firstChild[parent]!;
  let high = index.firstChild[parent + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareBytes(
      index.names,
      index.nameStart[middle]!,
      index.nameStart[middle + 1]!,
      name,
      nameStart,
      nameEnd,
    );
    if (order === 0) {
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return undefined;
}

/** The raw target of a link; undefined for a node that is none. */
export function linkTarget(index: LayerIndex, node: number): Uint8Array | undefined {
  let low = 0;
  let high = index.linkNodes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = index.linkNodes[middle]!;
    if (found === node) {
      return index.links.subarray(index.linkStart[middle], index.linkStart[middle + 1]);
    }
    if (found < node) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return undefined;
}

export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const common = Math.min(aEnd - aStart, bEnd - bStart);
  for (let at = 0; at < common; at++) {
    const difference = a[aStart + at]! - b[bStart + at]!;
    if (difference !== 0) {
      return difference;
    }
  }
  return aEnd - aStart - (bEnd - bStart);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as text; two names that differ stay different, because bytes that are none are written out. */
export function readableText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
  }
}
