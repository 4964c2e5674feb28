/** The nodes of a whole layer to its index: numbered level by level, each directory's children sorted by name. */
import { allocateIndex, compareBytes, nodeKind, type LayerIndex } from './layer-index.ts';
import type { Nodes } from './layer-nodes.ts';

export function numberNodes(nodes: Nodes, tarBytes: number): LayerIndex {
  const { order, firstChild } = levelOrder(nodes);
  const linked = linkedNodes(nodes, order);
  const count = order.length;
  let nameBytes = 0;
  for (let node = 0; node < count; node++) {
    nameBytes += nodes.nameEnds[order[node]!]! - nodes.nameStarts[order[node]!]!;
  }
  const linkBytes = linked.reduce((sum, { target }) => sum + target.length, 0);
  const index = allocateIndex({
    count,
    linkCount: linked.length,
    nameBytes,
    linkBytes,
    entries: nodes.entries,
    bytes: nodes.bytes,
    tarBytes,
  });
  index.firstChild.set(firstChild);
  fillColumns(index, nodes, order);
  let linkAt = 0;
  for (const [at, { node, target }] of linked.entries()) {
    index.linkNodes[at] = node;
    index.linkStart[at] = linkAt;
    index.links.set(target, linkAt);
    linkAt += target.length;
  }
  index.linkStart[linked.length] = linkAt;
  return index;
}

function fillColumns(index: LayerIndex, nodes: Nodes, order: Uint32Array): void {
  let nameAt = 0;
  for (let node = 0; node < order.length; node++) {
    const old = order[node]!;
    index.sizes[node] = nodes.sizes[old]!;
    index.mtimes[node] = nodes.mtimes[old]!;
    index.dataStarts[node] = nodes.dataStarts[old]!;
    index.uids[node] = nodes.uids[old]!;
    index.gids[node] = nodes.gids[old]!;
    index.modes[node] = nodes.modes[old]!;
    index.kinds[node] = nodes.kinds[old]!;
    index.flags[node] = nodes.flags[old]!;
    index.nameStart[node] = nameAt;
    for (let at = nodes.nameStarts[old]!; at < nodes.nameEnds[old]!; at++) {
      index.names[nameAt++] = nodes.names[at]!;
    }
    for (let child = index.firstChild[node]!; child < index.firstChild[node + 1]!; child++) {
      index.parents[child] = node;
    }
  }
  index.nameStart[order.length] = nameAt;
}

/** Nodes below something that a later entry made a file are gone, as when a tar is unpacked. */
function levelOrder(nodes: Nodes): { order: Uint32Array; firstChild: Uint32Array } {
  const { groupStart, grouped } = childrenByParent(nodes);
  const order = new Uint32Array(nodes.count);
  const firstChild = new Uint32Array(nodes.count + 1);
  let filled = 1;
  for (let node = 0; node < filled; node++) {
    const old = order[node]!;
    firstChild[node] = filled;
    if (nodes.kinds[old] === nodeKind.directory) {
      for (let at = groupStart[old]!; at < groupStart[old + 1]!; at++) {
        order[filled++] = grouped[at]!;
      }
    }
  }
  firstChild[filled] = filled;
  return { order: order.subarray(0, filled), firstChild: firstChild.subarray(0, filled + 1) };
}

/** Children side by side, sorted by name. Writers mostly walk sorted directories: a group in order is left alone. */
function childrenByParent(nodes: Nodes): { groupStart: Uint32Array; grouped: Uint32Array } {
  const groupStart = new Uint32Array(nodes.count + 1);
  for (let node = 1; node < nodes.count; node++) {
    groupStart[nodes.parents[node]! + 1]!++;
  }
  for (let node = 1; node <= nodes.count; node++) {
    groupStart[node]! += groupStart[node - 1]!;
  }
  const next = groupStart.slice();
  const grouped = new Uint32Array(nodes.count - 1);
  for (let node = 1; node < nodes.count; node++) {
    grouped[next[nodes.parents[node]!]!++] = node;
  }
  const byName = (a: number, b: number): number =>
    compareBytes(
      nodes.names,
      nodes.nameStarts[a]!,
      nodes.nameEnds[a]!,
      nodes.names,
      nodes.nameStarts[b]!,
      nodes.nameEnds[b]!,
    );
  for (let node = 0; node < nodes.count; node++) {
    const start = groupStart[node]!;
    const end = groupStart[node + 1]!;
    for (let at = start + 1; at < end; at++) {
      if (byName(grouped[at - 1]!, grouped[at]!) > 0) {
        grouped.subarray(start, end).sort(byName);
        break;
      }
    }
  }
  return { groupStart, grouped };
}

function linkedNodes(nodes: Nodes, order: Uint32Array): { node: number; target: Uint8Array }[] {
  const linked: { node: number; target: Uint8Array }[] = [];
  if (nodes.links.size > 0) {
    for (let node = 0; node < order.length; node++) {
      const target = nodes.links.get(order[node]!);
      if (target !== undefined) {
        linked.push({ node, target });
      }
    }
  }
  return linked;
}
