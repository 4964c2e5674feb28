/**
 * An image archive as it passes: documents are kept, layers are indexed at once, since in a stream they may come before the
 * manifest that names them.
 */
import { extract as tarExtract, type Extract, type Header } from 'tar-stream';
import { indexBuilder, type IndexBuilder } from '../image/index-builder.ts';
import { contentOf, sniffLength, type Content } from './compression.ts';
import { digestOfPath } from './digests.ts';
import { indexLayerStream, type PassedLayer } from './layer-stream.ts';
import { largestDocument } from './open-image.ts';
import { peek } from './peek.ts';
import { cancelled, SourceError, type Blob, type BlobStore } from './source.ts';
import { memberName, symlinkTarget } from './tar-store.ts';

export interface PassedArchive {
  readonly documents: BlobStore;
  readonly topNames: ReadonlySet<string>;
  /** By name, through links; the error that made it unreadable; undefined where there is none of that name. */
  layer(path: string): PassedLayer | SourceError | undefined;
  /** How the archive went wrong or broke off; what was read before stands. */
  readonly problem: SourceError | undefined;
}

/** `source` is an uncompressed tar. Throws SourceError where the source itself fails or reading is cancelled. */
export async function readPassingArchive(
  source: AsyncIterable<Uint8Array>,
  name: string,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<PassedArchive> {
  const members: Members = {
    archive: name,
    documents: new Map(),
    documentBytes: 0,
    layers: new Map(),
    links: new Map(),
    topNames: new Set(),
    builder: indexBuilder(),
  };
  const archive = tarExtract();
  const pumped = pump(source, archive, signal, onBytes);
  let failure: unknown;
  try {
    for await (const entry of archive) {
      await takeMember(members, entry, signal);
    }
  } catch (error) {
    archive.destroy(null);
    failure = error;
  }
  const sourceFailure = await pumped;
  return {
    documents: documentStore(members),
    topNames: members.topNames,
    layer: (path) => members.layers.get(followed(members, path)),
    problem: problemOf(sourceFailure ?? failure, name, signal),
  };
}

interface Members {
  readonly archive: string;
  readonly documents: Map<string, Uint8Array>;
  documentBytes: number;
  readonly layers: Map<string, PassedLayer | SourceError>;
  readonly links: Map<string, string>;
  readonly topNames: Set<string>;
  readonly builder: IndexBuilder;
}

/** An entry of the archive: its bytes, and its header beside them. */
interface Entry {
  readonly header: Header;
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

/** Feeds the archive to its end, or until it is closed. Answers what the source threw. */
async function pump(
  source: AsyncIterable<Uint8Array>,
  archive: Extract,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<unknown> {
  try {
    for await (const chunk of source) {
      if (signal.aborted) {
        throw cancelled();
      }
      onBytes(chunk.length);
      if (archive.destroyed) {
        break;
      }
      if (!archive.write(chunk)) {
        await drained(archive);
      }
    }
    archive.end(undefined);
    return undefined;
  } catch (error) {
    archive.destroy(null);
    return error;
  }
}

/** Waits until more can be written, or nothing more ever. */
function drained(archive: Extract): Promise<void> {
  return new Promise((resolve) => {
    if (archive.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      archive.off('drain', done);
      archive.off('close', done);
      resolve();
    };
    archive.on('drain', done);
    archive.on('close', done);
  });
}

/** What was wrong with the bytes is a problem to be weighed against what was read; everything else is thrown. */
function problemOf(error: unknown, name: string, signal: AbortSignal): SourceError | undefined {
  if (signal.aborted) {
    throw cancelled();
  }
  if (error === undefined || (error instanceof SourceError && error.kind === 'corrupt')) {
    return error;
  }
  if (error instanceof SourceError || error instanceof TypeError || error instanceof RangeError) {
    throw error;
  }
  const says = error instanceof Error ? error.message : 'unknown';
  if (error instanceof Error && 'code' in error && !String(error.code).startsWith('STREAM')) {
    throw new SourceError('unreachable', `${name} broke off: ${says}.`, { cause: error });
  }
  const what = /end of data|premature|destroyed/i.test(says) ? 'is cut off' : 'is a damaged tar archive';
  return new SourceError('corrupt', `${name} ${what}.`, { hint: 'Write or download the archive again.', cause: error });
}

async function takeMember(members: Members, entry: Entry, signal: AbortSignal): Promise<void> {
  const { header } = entry;
  const name = memberName(Buffer.from(header.name));
  if (name !== '') {
    members.topNames.add(name.split('/', 1)[0]!);
  }
  if (header.type === 'symlink' || header.type === 'link') {
    const target = Buffer.from(header.linkname);
    members.links.set(name, header.type === 'symlink' ? symlinkTarget(name, target) : memberName(target));
  }
  if (header.type !== 'file' && header.type !== 'contiguous-file') {
    await drain(entry);
    return;
  }
  const bytes = unclosed(entry);
  const { first, whole } = await peek(bytes, sniffLength);
  const content = contentOf(first);
  switch (content.kind) {
    case 'json':
      await keepDocument(members, name, whole, header.size);
      break;
    case 'tar':
    case 'gzip':
    case 'zstd':
      members.layers.set(name, await indexed(members, name, content.kind, whole, signal));
      break;
    case 'empty':
      members.layers.set(name, notALayer(members, name, 'empty'));
      break;
    case 'foreign':
      members.layers.set(name, notALayer(members, name, content.what));
      break;
  }
  await drain(bytes);
}

/** Told only if the manifest names it as one. */
function notALayer({ archive }: Members, name: string, what: string): SourceError {
  return new SourceError('corrupt', `${name} of ${archive} is no layer; it is ${what}.`, {
    hint: 'Write or download the image again.',
  });
}

/** Leaving the loop over an entry early would end the whole archive: this one can be left and taken up again. */
function unclosed(entry: Entry): AsyncIterable<Uint8Array> {
  const iterator = entry[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}

async function drain(bytes: Pick<AsyncIterable<unknown>, typeof Symbol.asyncIterator>): Promise<void> {
  const iterator = bytes[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true) {
    // What is left of an entry is of no interest.
  }
}

/** SBOMs and provenance are documents too, and of no use here: the large ones are let go. */
const keptDocumentBytes = 64 * 1024 * 1024;

async function keepDocument(
  members: Members,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): Promise<void> {
  if (size > largestDocument || members.documentBytes + size > keptDocumentBytes) {
    return;
  }
  const parts: Uint8Array[] = [];
  for await (const part of bytes) {
    parts.push(part);
  }
  members.documents.set(name, Buffer.concat(parts));
  members.documentBytes += size;
}

async function indexed(
  { archive, builder }: Members,
  name: string,
  content: Exclude<Content['kind'], 'json' | 'empty' | 'foreign'>,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<PassedLayer | SourceError> {
  try {
    return await indexLayerStream(
      {
        name: `${name} of ${archive}`,
        compression: content === 'tar' ? 'none' : content,
        digest: digestOfPath(name) ?? 'sha256:',
        diffId: 'sha256:',
        bytes,
      },
      builder,
      signal,
      () => undefined,
    );
  } catch (error) {
    if (error instanceof SourceError && error.kind === 'corrupt') {
      return error;
    }
    throw error;
  }
}

function followed(members: Members, path: string): string {
  let at = path;
  for (let hops = 0; hops < 16; hops++) {
    const next = members.links.get(at);
    if (next === undefined) {
      return at;
    }
    at = next;
  }
  return at;
}

function documentStore(members: Members): BlobStore {
  return {
    open: (name) => {
      const bytes = members.documents.get(followed(members, name));
      return Promise.resolve(bytes && memoryBlob(bytes));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function memoryBlob(bytes: Uint8Array): Blob {
  return {
    size: bytes.length,
    readAt: undefined,
    async *stream(range) {
      const start = range?.start ?? 0;
      yield bytes.subarray(start, range === undefined ? bytes.length : start + range.length);
    },
  };
}
