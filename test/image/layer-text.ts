/** Layers as text: one entry a line, `file PATH BYTES`, `dir PATH`, `symlink PATH TARGET`, `link PATH TARGET` (a hard link). */
import { indexBuilder } from '../../server/src/image/index-builder.ts';
import type { LayerIndex } from '../../server/src/image/layer-index.ts';
import type { EntryKind } from '../../server/src/image/tar.ts';

export function layerOf(text: string): LayerIndex {
  const builder = indexBuilder();
  for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
    const [word, path, rest] = line.trim().split(' ');
    const kind = kinds[word!]!;
    builder.add({
      path: Buffer.from(path!, 'latin1'),
      link: Buffer.from(kind === 'file' ? '' : (rest ?? '')),
      kind,
      size: kind === 'file' ? Number(rest ?? 0) : 0,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      deviceMajor: 0,
      deviceMinor: 0,
      dataStart: 0,
      storedSize: 0,
      xattrs: undefined,
    });
  }
  return builder.finish(0);
}

const kinds: Readonly<Record<string, EntryKind>> = {
  file: 'file',
  dir: 'directory',
  symlink: 'symlink',
  link: 'hard-link',
};
