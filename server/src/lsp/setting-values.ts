/** Settings as an editor sends them, untyped, become typed values; the types and the defaults come from settings.ts alone. */
import { settings } from '../settings.ts';
import type { Setting, SettingKey } from '../settings.ts';

type Definition<K extends SettingKey> = (typeof settings)[K];
type Value<S extends Setting> = S extends { readonly enum: readonly (infer Word)[] }
  ? Word
  : S['type'] extends 'boolean'
    ? boolean
    : S['type'] extends 'number'
      ? number
      : S['type'] extends 'string'
        ? string
        : S['type'] extends 'array'
          ? readonly unknown[]
          : Readonly<Record<string, unknown>>;

/** A value for every setting there is. */
export type SettingValues = { readonly [K in SettingKey]: Value<Definition<K>> };

/**
 * `layers` are what was sent as `layerLens`, most important first: nested (`{ docker: { path } }`) or flat (`{ 'docker.path': … }`).
 * `complain` hears of values that cannot be used; those fall through to the next layer, in the end to the default.
 */
export function readSettings(layers: readonly unknown[], complain: (sentence: string) => void): SettingValues {
  const values: Partial<Record<SettingKey, unknown>> = {};
  for (const key of settingKeys()) {
    values[key] = layers.map((layer) => readSetting(layer, key, complain)).find((value) => value !== undefined);
    values[key] ??= settings[key].default;
  }
  // Every key was filled with a value that fits its definition, which is what the type says.
  return values as SettingValues;
}

function settingKeys(): SettingKey[] {
  return Object.keys(settings) as SettingKey[];
}

function readSetting(layer: unknown, key: SettingKey, complain: (sentence: string) => void): unknown {
  const value = lookUp(layer, key);
  // `null` is how editors say "not set".
  if (value === undefined || value === null) {
    return undefined;
  }
  const wanted = unfit(value, settings[key]);
  if (wanted !== undefined) {
    complain(`layerLens.${key} must be ${wanted}, not ${JSON.stringify(value)}`);
    return undefined;
  }
  return value;
}

function lookUp(layer: unknown, key: string): unknown {
  if (!isRecord(layer)) {
    return undefined;
  }
  if (Object.hasOwn(layer, key)) {
    return layer[key];
  }
  const dot = key.indexOf('.');
  return dot === -1 ? undefined : lookUp(layer[key.slice(0, dot)], key.slice(dot + 1));
}

/** What the value should have been, or undefined where it is that. */
function unfit(value: unknown, setting: Setting): string | undefined {
  switch (setting.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && value >= (setting.minimum ?? -Infinity)
        ? undefined
        : `a number${setting.minimum === undefined ? '' : ` of at least ${setting.minimum}`}`;
    case 'string':
      if (setting.enum) {
        return typeof value === 'string' && setting.enum.includes(value)
          ? undefined
          : `one of ${setting.enum.join(', ')}`;
      }
      return typeof value === 'string' ? undefined : 'a text';
    case 'array':
      return Array.isArray(value) ? undefined : 'a list';
    case 'object':
      return isRecord(value) ? undefined : 'an object';
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
