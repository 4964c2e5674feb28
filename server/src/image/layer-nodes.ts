/** The nodes of a layer while its entries come in: columns that grow, and a hash table over (parent, name). */
import { compareBytes, nodeFlag, nodeKind } from './layer-index.ts';
import type { TarEntry } from './tar.ts';

/** Nodes in the order they were met: a parent before its children. Columns grow by doubling. */
export interface Nodes {
  count: number;
  entries: number;
  bytes: number;
  parents: Uint32Array;
  nameStarts: Uint32Array;
  nameEnds: Uint32Array;
  hashes: Int32Array;
  kinds: Uint8Array;
  flags: Uint8Array;
  modes: Uint16Array;
  uids: Uint32Array;
  gids: Uint32Array;
  sizes: Float64Array;
  mtimes: Float64Array;
  dataStarts: Float64Array;
  names: Uint8Array;
  nameBytes: number;
  /** Open addressing over (parent, name); 0 is an empty place, for the root is never looked up. */
  table: Uint32Array;
  readonly links: Map<number, Uint8Array>;
  /** The directory part of the last path and its node: most entries stand beside the one before. */
  lastDirectory: Uint8Array;
  lastDirectoryLength: number;
  lastDirectoryNode: number;
}

const firstCapacity = 1024;

export function newNodes(): Nodes {
  const nodes: Nodes = {
    count: 1,
    entries: 0,
    bytes: 0,
    parents: new Uint32Array(firstCapacity),
    nameStarts: new Uint32Array(firstCapacity),
    nameEnds: new Uint32Array(firstCapacity),
    hashes: new Int32Array(firstCapacity),
    kinds: new Uint8Array(firstCapacity),
    flags: new Uint8Array(firstCapacity),
    modes: new Uint16Array(firstCapacity),
    uids: new Uint32Array(firstCapacity),
    gids: new Uint32Array(firstCapacity),
    sizes: new Float64Array(firstCapacity),
    mtimes: new Float64Array(firstCapacity),
    dataStarts: new Float64Array(firstCapacity),
    names: new Uint8Array(firstCapacity * 16),
    nameBytes: 0,
    table: new Uint32Array(firstCapacity * 2),
    links: new Map(),
    lastDirectory: new Uint8Array(256),
    lastDirectoryLength: 0,
    lastDirectoryNode: 0,
  };
  emptyNodes(nodes);
  return nodes;
}

export function emptyNodes(nodes: Nodes): void {
  nodes.count = 1;
  nodes.entries = 0;
  nodes.bytes = 0;
  nodes.nameBytes = 0;
  nodes.lastDirectoryLength = 0;
  nodes.lastDirectoryNode = 0;
  nodes.table.fill(0);
  nodes.links.clear();
  nodes.kinds[0] = nodeKind.directory;
  nodes.flags[0] = nodeFlag.implied;
  setFields(nodes, 0, noFields);
}

type Fields = Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'dataStart'>;

/** What is known of a directory that has no entry. */
const noFields: Fields = { mode: 0, uid: 0, gid: 0, size: 0, mtime: 0, dataStart: 0 };

export function setFields(nodes: Nodes, node: number, fields: Fields): void {
  nodes.modes[node] = fields.mode;
  nodes.uids[node] = fields.uid;
  nodes.gids[node] = fields.gid;
  nodes.sizes[node] = fields.size;
  nodes.mtimes[node] = fields.mtime;
  nodes.dataStarts[node] = fields.dataStart;
}

/** What something stands below is a directory, whatever an earlier entry said. */
export function makeDirectory(nodes: Nodes, node: number): void {
  const kind = nodes.kinds[node];
  if (kind !== nodeKind.directory) {
    nodes.kinds[node] = nodeKind.directory;
    nodes.flags[node] = nodeFlag.implied | (kind === nodeKind.whiteout ? nodeFlag.hidesBelow : 0);
    setFields(nodes, node, noFields);
    nodes.links.delete(node);
  }
}

/** Finds the child or makes it, as an implied directory until an entry says otherwise. */
export function childOf(nodes: Nodes, parent: number, name: Uint8Array, start: number, end: number): number {
  makeDirectory(nodes, parent);
  const hash = hashOf(parent, name, start, end);
  const mask = nodes.table.length - 1;
  for (let place = hash & mask; ; place = (place + 1) & mask) {
    const node = nodes.table[place]!;
    if (node === 0) {
      return append(nodes, place, hash, parent, name, start, end);
    }
    if (nodes.hashes[node] === hash && nodes.parents[node] === parent && sameName(nodes, node, name, start, end)) {
      return node;
    }
  }
}

function hashOf(parent: number, name: Uint8Array, start: number, end: number): number {
  let hash = Math.imul(parent + 0x9e37, 0x85eb_ca6b) ^ 0x811c_9dc5;
  for (let at = start; at < end; at++) {
    hash = Math.imul(hash ^ name[at]!, 0x0100_0193);
  }
  // Names that count up leave patterns in FNV's low bits, which choose the place: mix all bits, as Murmur ends.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

function sameName(nodes: Nodes, node: number, name: Uint8Array, start: number, end: number): boolean {
  const from = nodes.nameStarts[node]!;
  return compareBytes(nodes.names, from, nodes.nameEnds[node]!, name, start, end) === 0;
}

function append(
  nodes: Nodes,
  place: number,
  hash: number,
  parent: number,
  name: Uint8Array,
  start: number,
  end: number,
): number {
  const node = nodes.count++;
  if (node === nodes.parents.length) {
    grow(nodes);
  }
  const nameStart = nodes.nameBytes;
  const nameEnd = nameStart + end - start;
  if (nameEnd > nodes.names.length) {
    nodes.names = enlarged(nodes.names, new Uint8Array(Math.max(nodes.names.length * 2, nameEnd)));
  }
  for (let at = start; at < end; at++) {
    nodes.names[nameStart + at - start] = name[at]!;
  }
  nodes.nameBytes = nameEnd;
  nodes.parents[node] = parent;
  nodes.nameStarts[node] = nameStart;
  nodes.nameEnds[node] = nameEnd;
  nodes.hashes[node] = hash;
  nodes.kinds[node] = nodeKind.directory;
  nodes.flags[node] = nodeFlag.implied;
  setFields(nodes, node, noFields);
  if (nodes.count * 2 > nodes.table.length) {
    rehash(nodes);
  } else {
    nodes.table[place] = node;
  }
  return node;
}

function rehash(nodes: Nodes): void {
  const table = new Uint32Array(nodes.table.length * 4);
  const mask = table.length - 1;
  for (let node = 1; node < nodes.count; node++) {
    let place = nodes.hashes[node]! & mask;
    while (table[place] !== 0) {
      place = (place + 1) & mask;
    }
    table[place] = node;
  }
  nodes.table = table;
}

function grow(nodes: Nodes): void {
  const capacity = nodes.parents.length * 4;
  nodes.parents = enlarged(nodes.parents, new Uint32Array(capacity));
  nodes.nameStarts = enlarged(nodes.nameStarts, new Uint32Array(capacity));
  nodes.nameEnds = enlarged(nodes.nameEnds, new Uint32Array(capacity));
  nodes.hashes = enlarged(nodes.hashes, new Int32Array(capacity));
  nodes.kinds = enlarged(nodes.kinds, new Uint8Array(capacity));
  nodes.flags = enlarged(nodes.flags, new Uint8Array(capacity));
  nodes.modes = enlarged(nodes.modes, new Uint16Array(capacity));
  nodes.uids = enlarged(nodes.uids, new Uint32Array(capacity));
  nodes.gids = enlarged(nodes.gids, new Uint32Array(capacity));
  nodes.sizes = enlarged(nodes.sizes, new Float64Array(capacity));
  nodes.mtimes = enlarged(nodes.mtimes, new Float64Array(capacity));
  nodes.dataStarts = enlarged(nodes.dataStarts, new Float64Array(capacity));
}

function enlarged<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
