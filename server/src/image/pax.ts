/** The records of a pax header: what they say about the next entry (or, global, about all that follow). */

/** A field is undefined where no record speaks of it; `null` where a record takes an earlier one back. */
export interface PaxFields {
  readonly path?: Uint8Array | null;
  readonly link?: Uint8Array | null;
  /** Bytes that stand in the archive. */
  readonly size?: number | null;
  /** Bytes of the file: where a sparse one is stored without its holes. */
  readonly realSize?: number | null;
  readonly uid?: number | null;
  readonly gid?: number | null;
  readonly mtime?: number | null;
  /** The name of a sparse file; `path` then is a place-holder for readers that know no sparse files. */
  readonly sparsePath?: Uint8Array | null;
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

/** Undefined for records that break the format. */
export function readPax(bytes: Uint8Array): PaxFields | undefined {
  const fields: Writable<PaxFields> = {};
  const xattrs = new Map<string, Uint8Array>();
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      break;
    }
    const record = readRecord(bytes, at);
    if (record === undefined || !take(fields, xattrs, record)) {
      return undefined;
    }
    at = record.end;
  }
  return xattrs.size > 0 ? { ...fields, xattrs } : fields;
}

export function mergePax(global: PaxFields, local: PaxFields): PaxFields {
  return { ...global, ...local };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface PaxRecord {
  readonly key: string;
  readonly value: Uint8Array;
  readonly end: number;
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record in bytes. */
function readRecord(bytes: Uint8Array, start: number): PaxRecord | undefined {
  let at = start;
  let length = 0;
  for (; at < bytes.length && bytes[at] !== 0x20; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9 || at - start > 9) {
      return undefined;
    }
    length = length * 10 + digit;
  }
  const end = start + length;
  const equals = bytes.indexOf(0x3d, at);
  if (at === start || end > bytes.length || equals === -1 || equals >= end || bytes[end - 1] !== 0x0a) {
    return undefined;
  }
  return { key: asciiText(bytes, at + 1, equals), value: bytes.slice(equals + 1, end - 1), end };
}

const xattrPrefix = 'SCHILY.xattr.';

/** False where the value of a field that matters is unreadable. */
function take(fields: Writable<PaxFields>, xattrs: Map<string, Uint8Array>, { key, value }: PaxRecord): boolean {
  switch (key) {
    case 'path':
      fields.path = text(value);
      return true;
    case 'linkpath':
      fields.link = text(value);
      return true;
    case 'size':
      return isNumber((fields.size = wholeNumber(value)));
    case 'GNU.sparse.size':
    case 'GNU.sparse.realsize':
      return isNumber((fields.realSize = wholeNumber(value)));
    case 'GNU.sparse.name':
      fields.sparsePath = text(value);
      return true;
    case 'uid':
      return isNumber((fields.uid = decimal(value)));
    case 'gid':
      return isNumber((fields.gid = decimal(value)));
    case 'mtime':
      return isNumber((fields.mtime = decimal(value)));
    default:
      if (key.startsWith(xattrPrefix)) {
        xattrs.set(key.slice(xattrPrefix.length), value);
      }
      return true;
  }
}

/** An empty value takes the record back. */
function text(value: Uint8Array): Uint8Array | null {
  const end = value.indexOf(0);
  const shown = end === -1 ? value : value.subarray(0, end);
  return shown.length === 0 ? null : shown;
}

function wholeNumber(value: Uint8Array): number | null {
  const written = asciiText(value, 0, value.length);
  return written === '' ? null : /^\d{1,19}$/.test(written) ? Number(written) : Number.NaN;
}

function decimal(value: Uint8Array): number | null {
  const written = asciiText(value, 0, value.length);
  return written === '' ? null : /^-?\d{1,30}(\.\d{0,30})?$/.test(written) ? Number(written) : Number.NaN;
}

function isNumber(value: number | null): boolean {
  return !Number.isNaN(value);
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let written = '';
  for (let at = start; at < end; at++) {
    written += String.fromCharCode(bytes[at]!);
  }
  return written;
}
