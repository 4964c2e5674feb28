/** A layer's index to the few facts that lines, hovers and reports show. */
import type { LayerContents, PathBytes } from './image.ts';
import { nodeFlag, nodeKind, pathOf, type LayerIndex } from './layer-index.ts';

const listed = 10;
/** A directory whose bytes are nearly all in one of its directories says less than that one does. */
const nearlyAll = 0.9;

/** `verified`: the diff id was computed over the bytes that the index was made from. */
export function summarise(index: LayerIndex, verified: boolean): LayerContents {
  const below = sumsBelow(index);
  return {
    ...countKinds(index),
    emptyDiff: index.entries === 0,
    largestDirectories: largest(index, below, tellingDirectories(index, below)),
    largestFiles: largest(
      index,
      below,
      index.kinds.map((kind) => (kind === nodeKind.file ? 1 : 0)),
    ),
    verified,
  };
}

function countKinds(index: LayerIndex): Pick<LayerContents, 'files' | 'directories' | 'symlinks' | 'whiteouts'> {
  let files = 0;
  let directories = 0;
  let symlinks = 0;
  let whiteouts = (index.flags[0]! & nodeFlag.hidesBelow) === 0 ? 0 : 1;
  for (let node = 1; node < index.count; node++) {
    const kind = index.kinds[node];
    const flags = index.flags[node]!;
    if (kind === nodeKind.file || kind === nodeKind.hardLink) {
      files++;
    } else if (kind === nodeKind.directory && (flags & nodeFlag.implied) === 0) {
      directories++;
    } else if (kind === nodeKind.symlink) {
      symlinks++;
    }
    if (kind === nodeKind.whiteout || (flags & nodeFlag.hidesBelow) !== 0) {
      whiteouts++;
    }
  }
  return { files, directories, symlinks, whiteouts };
}

/** Per node: bytes and files of it and all below it. */
interface Sums {
  readonly bytes: Float64Array;
  readonly files: Uint32Array;
}

/** Children have higher numbers than their parents: one pass from the end adds everything up. */
function sumsBelow(index: LayerIndex): Sums {
  const bytes = index.sizes.slice();
  const files = new Uint32Array(index.count);
  for (let node = index.count - 1; node > 0; node--) {
    const kind = index.kinds[node];
    if (kind === nodeKind.file || kind === nodeKind.hardLink) {
      files[node] = 1;
    }
    const parent = index.parents[node]!;
    bytes[parent]! += bytes[node]!;
    files[parent]! += files[node]!;
  }
  return { bytes, files };
}

/** 1 for the directories worth a line: not the root, and none that only repeats a directory inside it. */
function tellingDirectories(index: LayerIndex, { bytes }: Sums): Uint8Array {
  const telling = new Uint8Array(index.count);
  for (let node = 1; node < index.count; node++) {
    if (index.kinds[node] === nodeKind.directory) {
      const parent = index.parents[node]!;
      telling[node] = 1;
      if (bytes[node]! > bytes[parent]! * nearlyAll) {
        telling[parent] = 0;
      }
    }
  }
  return telling;
}

/** The largest of the chosen nodes, equals in the order of their numbers; those without bytes are not listed. */
function largest(index: LayerIndex, { bytes, files }: Sums, chosen: Uint8Array): PathBytes[] {
  const best: number[] = [];
  let least = 0;
  for (let node = 1; node < index.count; node++) {
    if (chosen[node] === 1 && bytes[node]! > least) {
      let at = best.length;
      while (at > 0 && bytes[best[at - 1]!]! < bytes[node]!) {
        at--;
      }
      best.splice(at, 0, node);
      if (best.length > listed) {
        best.pop();
        least = bytes[best[listed - 1]!]!;
      }
    }
  }
  return best.map((node) => ({ path: pathOf(index, node), bytes: bytes[node]!, files: files[node]! }));
}
