/** The unknown becomes typed at the door: JSON from outside is read field by field, and a bad field is named with its path. */
import { SourceError } from './source.ts';

/** A value of a JSON document together with where it stands: `manifest.json of app.tar: [0].Layers[2]`. */
export interface JsonValue {
  readonly document: string;
  readonly path: string;
  readonly value: unknown;
}

export function parseJson(bytes: Uint8Array, document: string): JsonValue {
  try {
    return { document, path: '', value: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
  } catch (cause) {
    throw new SourceError('corrupt', `${document} is no JSON.`, { hint: 'Write or download the image again.', cause });
  }
}

/** A member that may be missing; `null` counts as missing, as Go writes empty lists and maps. */
export function member(parent: JsonValue, name: string): JsonValue | undefined {
  const object = asObject(parent);
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  const path = parent.path === '' ? name : `${parent.path}.${name}`;
  return value === undefined || value === null ? undefined : { document: parent.document, path, value };
}

export function requiredMember(parent: JsonValue, name: string): JsonValue {
  const found = member(parent, name);
  if (found === undefined) {
    throw badField({ ...parent, path: parent.path === '' ? name : `${parent.path}.${name}` }, 'is missing');
  }
  return found;
}

export function items(parent: JsonValue | undefined): JsonValue[] {
  if (parent === undefined) {
    return [];
  }
  const { document, path, value } = parent;
  if (!Array.isArray(value)) {
    throw badField(parent, 'is no list');
  }
  return value.map((item: unknown, at) => ({ document, path: `${path}[${at}]`, value: item }));
}

export function asText(from: JsonValue): string {
  if (typeof from.value !== 'string') {
    throw badField(from, 'is no text');
  }
  return from.value;
}

export function textMember(parent: JsonValue, name: string): string | undefined {
  const found = member(parent, name);
  return found && asText(found);
}

export function asBytes(from: JsonValue): number {
  const { value } = from;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw badField(from, 'is no number of bytes');
  }
  return value;
}

export function flagMember(parent: JsonValue, name: string): boolean {
  const found = member(parent, name);
  if (found === undefined) {
    return false;
  }
  if (typeof found.value !== 'boolean') {
    throw badField(found, 'is neither true nor false');
  }
  return found.value;
}

/** `sha256:` and 64 hex digits, or `sha512:` and 128. Anything else could name a file that is none of the image's. */
export function asDigestText(from: JsonValue): string {
  const text = asText(from);
  if (!/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text)) {
    throw badField(from, 'is no digest');
  }
  return text;
}

export function asObject(from: JsonValue): Readonly<Record<string, unknown>> {
  if (!isObject(from.value)) {
    throw badField(from, 'is no object');
  }
  return from.value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function badField(at: JsonValue, says: string): SourceError {
  const where = at.path === '' ? at.document : `\`${at.path}\` in ${at.document}`;
  return new SourceError('corrupt', `${where} ${says}.`, { hint: 'Write or download the image again.' });
}
