/** Layers to the file system they make together: what of each layer is still seen from the top, and how many bytes that is. */
import { compareBytes, findChild, linkTarget, nodeFlag, nodeKind, type LayerIndex } from './layer-index.ts';

/** Bytes of the merged file system: layers bottom first. A group of hard links is counted once, while one of its names is seen. */
export function netBytes(layers: readonly LayerIndex[]): number {
  const visible = visibleNodes(layers);
  const groups = hardLinkGroups(layers);
  let bytes = 0;
  for (const [at, layer] of layers.entries()) {
    for (let node = 0; node < layer.count; node++) {
      if (layer.kinds[node] === nodeKind.file && visible[at]![node] === 1 && !groups.isShared(at, node)) {
        bytes += layer.sizes[node]!;
      }
    }
  }
  for (const { inode, members } of groups.all) {
    if (members.some(({ layer, node }) => visible[layer]![node] === 1)) {
      bytes += layers[inode.layer]!.sizes[inode.node]!;
    }
  }
  return bytes;
}

/** A node of one of the layers. */
interface Place {
  readonly layer: number;
  readonly node: number;
}

/** Per layer and node 1 for what is seen from the top. A visible whiteout is one that no higher layer made pointless. */
export function visibleNodes(layers: readonly LayerIndex[]): Uint8Array[] {
  const visible = layers.map((layer) => new Uint8Array(layer.count));
  const roots = layers.map((_, layer) => ({ layer, node: 0 }));
  const pending = [shownDirectory(layers, visible, roots)];
  for (let merged = pending.pop(); merged !== undefined; merged = pending.pop()) {
    if (merged.length === 1) {
      showAllBelow(layers[merged[0]!.layer]!, visible[merged[0]!.layer]!, merged[0]!.node);
    } else if (merged.length > 1) {
      mergeChildren(layers, merged, (sameName) => {
        pending.push(shownDirectory(layers, visible, sameName));
      });
    }
  }
  return visible;
}

/**
 * What a path shows, of the places that name it, bottom first: marks it, and answers the directories whose children are to be
 * merged, bottom first. The highest place decides; a whiteout, an opaque directory or anything but a directory ends the search.
 */
function shownDirectory(
  layers: readonly LayerIndex[],
  visible: readonly Uint8Array[],
  places: readonly Place[],
): Place[] {
  const directories: Place[] = [];
  for (let at = places.length - 1; at >= 0; at--) {
    const place = places[at]!;
    const layer = layers[place.layer]!;
    if (layer.kinds[place.node] !== nodeKind.directory) {
      if (directories.length === 0) {
        visible[place.layer]![place.node] = 1;
      }
      break;
    }
    visible[place.layer]![place.node] = 1;
    directories.push(place);
    if ((layer.flags[place.node]! & nodeFlag.hidesBelow) !== 0) {
      break;
    }
  }
  return directories.reverse();
}

/** All descendants at one depth are one range of numbers, and their children are the next. */
function showAllBelow(layer: LayerIndex, visible: Uint8Array, node: number): void {
  let start = node;
  let end = node + 1;
  while (start < end) {
    visible.fill(1, start, end);
    const next = layer.firstChild[start]!;
    end = layer.firstChild[end]!;
    start = next;
  }
}

/** Walks the sorted children of several directories at once and hands over the places of each name, bottom first. */
function mergeChildren(
  layers: readonly LayerIndex[],
  directories: readonly Place[],
  onName: (places: readonly Place[]) => void,
): void {
  const next = directories.map(({ layer, node }) => layers[layer]!.firstChild[node]!);
  const ends = directories.map(({ layer, node }) => layers[layer]!.firstChild[node + 1]!);
  for (;;) {
    let first: Place | undefined;
    let places: Place[] = [];
    for (let at = 0; at < directories.length; at++) {
      if (next[at]! < ends[at]!) {
        const place = { layer: directories[at]!.layer, node: next[at]! };
        const order = first === undefined ? -1 : compareNames(layers, place, first);
        if (order < 0) {
          first = place;
          places = [place];
        } else if (order === 0) {
          places.push(place);
        }
      }
    }
    if (first === undefined) {
      return;
    }
    for (let at = 0, taken = 0; taken < places.length; at++) {
      if (directories[at]!.layer === places[taken]!.layer) {
        next[at]!++;
        taken++;
      }
    }
    onName(places);
  }
}

function compareNames(layers: readonly LayerIndex[], a: Place, b: Place): number {
  const first = layers[a.layer]!;
  const second = layers[b.layer]!;
  return compareBytes(
    first.names,
    first.nameStart[a.node]!,
    first.nameStart[a.node + 1]!,
    second.names,
    second.nameStart[b.node]!,
    second.nameStart[b.node + 1]!,
  );
}

/** One file with several names. */
interface HardLinkGroup {
  readonly inode: Place;
  readonly members: Place[];
}

interface HardLinkGroups {
  readonly all: readonly HardLinkGroup[];
  isShared(layer: number, node: number): boolean;
}

function hardLinkGroups(layers: readonly LayerIndex[]): HardLinkGroups {
  const groups = layers.map(() => new Map<number, HardLinkGroup>());
  for (const [layer, index] of layers.entries()) {
    for (const node of index.linkNodes) {
      if (index.kinds[node] === nodeKind.hardLink) {
        const inode = inodeOf(layers, { layer, node });
        if (inode !== undefined) {
          const known = groups[inode.layer]!.get(inode.node);
          const group = known ?? { inode, members: [inode] };
          group.members.push({ layer, node });
          groups[inode.layer]!.set(inode.node, group);
        }
      }
    }
  }
  return {
    all: groups.flatMap((byNode) => [...byNode.values()]),
    isShared: (layer, node) => groups[layer]!.size > 0 && groups[layer]!.has(node),
  };
}

/** The file that a hard link stands for, through links to links; undefined where it leads nowhere or in a circle. */
function inodeOf(layers: readonly LayerIndex[], link: Place): Place | undefined {
  let place: Place | undefined = link;
  for (let hops = 0; place !== undefined && hops < 64; hops++) {
    const index: LayerIndex = layers[place.layer]!;
    const kind: number | undefined = index.kinds[place.node];
    if (kind === nodeKind.file) {
      return place;
    }
    const target: Uint8Array | undefined = kind === nodeKind.hardLink ? linkTarget(index, place.node) : undefined;
    place = target === undefined ? undefined : placeOf(layers, place.layer, target);
  }
  return undefined;
}

/** What stands at a path when layer `top` has been applied: mostly in that layer itself, else in the next below that has it. */
function placeOf(layers: readonly LayerIndex[], top: number, path: Uint8Array): Place | undefined {
  for (let layer = top; layer >= 0; layer--) {
    const found = lookUp(layers[layer]!, path);
    if (found.node !== undefined) {
      return { layer, node: found.node };
    }
    if (found.hidesBelow) {
      return undefined;
    }
  }
  return undefined;
}

function lookUp(index: LayerIndex, path: Uint8Array): { node: number | undefined; hidesBelow: boolean } {
  let node = 0;
  let hidesBelow = hides(index, node);
  for (let at = 0; at < path.length;) {
    const slash = path.indexOf(0x2f, at);
    const end = slash === -1 ? path.length : slash;
    const isNothing = end === at || (end === at + 1 && path[at] === 0x2e);
    if (!isNothing) {
      const child = findChild(index, node, path, at, end);
      if (child === undefined) {
        return { node: undefined, hidesBelow: hidesBelow || index.kinds[node] !== nodeKind.directory };
      }
      node = child;
      hidesBelow ||= hides(index, node);
    }
    at = end + 1;
  }
  return index.kinds[node] === nodeKind.whiteout ? { node: undefined, hidesBelow: true } : { node, hidesBelow };
}

function hides(index: LayerIndex, node: number): boolean {
  return index.kinds[node] === nodeKind.whiteout || (index.flags[node]! & nodeFlag.hidesBelow) !== 0;
}
