/** Entries of a layer's tar, in the order they come, to its index. */
import { childOf, emptyNodes, makeDirectory, newNodes, setFields, type Nodes } from './layer-nodes.ts';
import { nodeFlag, nodeKind, type LayerIndex } from './layer-index.ts';
import { numberNodes } from './number-nodes.ts';
import type { EntryKind, TarEntry } from './tar.ts';

export interface IndexBuilder {
  add(entry: TarEntry): void;
  /** The index of what was added; the builder is empty again and keeps its memory for the next layer. */
  finish(tarBytes: number): LayerIndex;
  /** Forgets what was added, where a layer turned out to be unreadable. */
  reset(): void;
}

export function indexBuilder(): IndexBuilder {
  const nodes = newNodes();
  return {
    add: (entry) => addEntry(nodes, entry),
    finish: (tarBytes) => {
      const index = numberNodes(nodes, tarBytes);
      emptyNodes(nodes);
      return index;
    },
    reset: () => emptyNodes(nodes),
  };
}

const slash = 0x2f;
const dot = 0x2e;

function addEntry(nodes: Nodes, entry: TarEntry): void {
  nodes.entries++;
  nodes.bytes += entry.size;
  const { path } = entry;
  let end = path.length;
  while (end > 0 && path[end - 1] === slash) {
    end--;
  }
  const nameStart = end === 0 ? 0 : path.lastIndexOf(slash, end - 1) + 1;
  const parent = directoryOf(nodes, path, nameStart);
  if (parent === undefined) {
    return;
  }
  const nameLength = end - nameStart;
  if (nameLength === 0 || (nameLength === 1 && path[nameStart] === dot)) {
    put(nodes, parent, entry);
  } else if (nameLength === 2 && path[nameStart] === dot && path[nameStart + 1] === dot) {
    put(nodes, nodes.parents[parent]!, entry);
  } else if (isWhiteout(path, nameStart, end)) {
    addWhiteout(nodes, parent, path, nameStart, end);
  } else {
    put(nodes, childOf(nodes, parent, path, nameStart, end), entry);
  }
}

/** Undefined below a directory of aufs' own book-keeping, which is no part of the image. */
function directoryOf(nodes: Nodes, path: Uint8Array, end: number): number | undefined {
  if (end === nodes.lastDirectoryLength && sameStart(nodes.lastDirectory, path, end)) {
    return nodes.lastDirectoryNode;
  }
  let node = 0;
  for (let at = 0; at < end;) {
    const next = path.indexOf(slash, at);
    const length = next - at;
    if (length === 2 && path[at] === dot && path[at + 1] === dot) {
      node = nodes.parents[node]!;
    } else if (length > 0 && !(length === 1 && path[at] === dot)) {
      if (isPlumbing(path, at, next)) {
        return undefined;
      }
      node = childOf(nodes, node, path, at, next);
    }
    at = next + 1;
  }
  if (nodes.lastDirectory.length < end) {
    nodes.lastDirectory = new Uint8Array(end * 2);
  }
  nodes.lastDirectory.set(path.subarray(0, end));
  nodes.lastDirectoryLength = end;
  nodes.lastDirectoryNode = node;
  return node;
}

function sameStart(a: Uint8Array, b: Uint8Array, length: number): boolean {
  // From the end: neighbours share their first directories.
  for (let at = length - 1; at >= 0; at--) {
    if (a[at] !== b[at]) {
      return false;
    }
  }
  return true;
}

/** `.wh.NAME` */
function isWhiteout(path: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    path[start] === dot &&
    path[start + 1] === 0x77 &&
    path[start + 2] === 0x68 &&
    path[start + 3] === dot
  );
}

/** `.wh..wh.NAME`: aufs' own files, and the mark of an opaque directory. */
function isPlumbing(path: Uint8Array, start: number, end: number): boolean {
  return isWhiteout(path, start, end) && isWhiteout(path, start + 4, end);
}

/** `.wh..wh..opq` */
const opaque = [0x2e, 0x6f, 0x70, 0x71];

function addWhiteout(nodes: Nodes, parent: number, path: Uint8Array, start: number, end: number): void {
  if (isPlumbing(path, start, end)) {
    const isOpaque = end - start === 12 && opaque.every((byte, at) => path[start + 8 + at] === byte);
    if (isOpaque) {
      makeDirectory(nodes, parent);
      nodes.flags[parent]! |= nodeFlag.hidesBelow;
    }
    return;
  }
  const hidden = start + 4;
  if (hidden === end) {
    return;
  }
  const before = nodes.count;
  const node = childOf(nodes, parent, path, hidden, end);
  if (node === before) {
    nodes.kinds[node] = nodeKind.whiteout;
    nodes.flags[node] = 0;
  } else if (nodes.kinds[node] !== nodeKind.whiteout) {
    nodes.flags[node]! |= nodeFlag.hidesBelow;
  }
}

/** The last entry of a path is the one that counts, as when a tar is unpacked. */
function put(nodes: Nodes, node: number, entry: TarEntry): void {
  const isReplacement = nodes.kinds[node] === nodeKind.whiteout || (nodes.flags[node]! & nodeFlag.hidesBelow) !== 0;
  nodes.kinds[node] = node === 0 ? nodeKind.directory : kindNumbers[entry.kind];
  nodes.flags[node] = (isReplacement ? nodeFlag.hidesBelow : 0) | (entry.xattrs === undefined ? 0 : nodeFlag.xattrs);
  setFields(nodes, node, entry);
  if (entry.link.length > 0) {
    nodes.links.set(node, entry.link.slice());
  } else if (nodes.links.size > 0) {
    nodes.links.delete(node);
  }
}

const kindNumbers: Readonly<Record<EntryKind, number>> = {
  'file': nodeKind.file,
  'hard-link': nodeKind.hardLink,
  'symlink': nodeKind.symlink,
  'directory': nodeKind.directory,
  'character-device': nodeKind.characterDevice,
  'block-device': nodeKind.blockDevice,
  'fifo': nodeKind.fifo,
};
