/** The only place where a size, a count, a time, a verdict, a proof or a reason becomes words. */
import type { Platform } from '../image/image.ts';
import type { Certainty, ImageInsight, Level, MappingReason, Message, Proof } from '../insights/insight.ts';

/** `61.2 MB`: decimal units and three significant digits, the very digits `docker history` prints. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const rounded = roundToThreeDigits(value);
  if (rounded >= 1000 && unit < units.length - 1) {
    return `1 ${units[unit + 1]}`;
  }
  return `${rounded} ${units[unit]}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Go, and so `docker history`, rounds a tie to the even digit; JavaScript rounds it up. A hundred digits are exact, so a tie shows. */
function roundToThreeDigits(value: number): number {
  const exact = value.toPrecision(100);
  const isTieAboveEven = /^\d\d[02468]50*$/.test(exact.replace('.', ''));
  return Number(isTieAboveEven ? exact.slice(0, 4) : value.toPrecision(3));
}

export function sizeOrUnknown(bytes: number | undefined): string {
  return bytes === undefined ? 'size not read' : size(bytes);
}

/** What a rule says, its numbers written out. */
export function sentence(message: Message): string {
  return message.map((part) => (typeof part === 'string' ? part : size(part.bytes))).join('');
}

/** `8 kB of 1.2 GB`, or just how much so far where the end is not known. */
export function progress(done: number, total: number | undefined): string {
  return total === undefined ? size(done) : `${size(done)} of ${size(total)}`;
}

export type Noun =
  'file' | 'directory' | 'symlink' | 'path' | 'layer' | 'instruction' | 'problem' | 'finding' | 'line' | 'fix';

const irregularPlurals: Partial<Record<Noun, string>> = { directory: 'directories', fix: 'fixes' };

/** `1 file`, `70,000 files`. */
export function count(amount: number, noun: Noun): string {
  return `${grouped(amount)} ${amount === 1 ? noun : (irregularPlurals[noun] ?? `${noun}s`)}`;
}

/** `70,000`: the same everywhere, whatever the machine's language. */
function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `350 ms`, `3.2 s`, `48 s`, `2 min 5 s`, `1 h 4 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) {
    return `${Math.round(milliseconds)} ms`;
  }
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 9950) {
    return `${Number((milliseconds / 1000).toFixed(1))} s`;
  }
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  }
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function pair(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}

/** `2 min 5 s`, with `cached` where the step did not run. */
export function buildTime(time: { readonly milliseconds: number; readonly cached: boolean }): string {
  return time.cached ? 'cached' : duration(time.milliseconds);
}

export function platformText(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter((part) => part !== undefined).join('/');
}

/** `sha256:4f8a12bc90de`: as many digits as `docker images` shows. */
export function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]{52}$/, '$1$2');
}

/** An image name with a digest in it, cut to a readable length. */
export function shortName(name: string): string {
  return name.replace(/@(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '@$1');
}

/** `docker-archive:app.tar` for an archive in a far folder; names of engines and registries stay whole, only ids are cut. */
export function shortSource(source: string): string {
  const path = /^(docker-archive|oci-archive|oci):(.*)$/.exec(source);
  if (!path) {
    return shortName(source).replace(/^(docker-daemon:)(sha256:[0-9a-f]{64})$/, (_, transport: string, id: string) => {
      return `${transport}${shortDigest(id)}`;
    });
  }
  const parts = path[2]!.split(/[\\/]/).filter((part) => part !== '');
  return `${path[1]}:${parts.at(-1) ?? path[2]}`;
}

/** Time of day is of no use to a reader; the day and minute are. */
export function dateTime(rfc3339: string): string {
  return rfc3339.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:[\d.]+)?Z$/, '$1 $2 UTC');
}

/** How a layer came to its line, in a few words. */
export function proof(proof: Proof): string {
  switch (proof) {
    case 'provenance':
      return 'by the record of the build';
    case 'history':
      return "by the image's history";
    case 'order':
      return 'by order only, between lines that were matched';
  }
}

export function certainty(certainty: Certainty): string {
  switch (certainty) {
    case 'measured':
      return 'measured';
    case 'stale':
      return 'measured before your edit';
    case 'predicted':
      return 'predicted from the text';
  }
}

/** Does the image belong to this text? */
export function matches(matches: ImageInsight['matches']): string {
  switch (matches) {
    case 'exact':
      return 'built from this text';
    case 'edited':
      return 'edited since this build';
    case 'not-this-file':
      return 'not an image of this file';
    case 'unknown':
      return 'not known whether it was built from this file';
  }
}

export function reason(reason: MappingReason): string {
  switch (reason.kind) {
    case 'text-changed':
      return `${count(reason.changed, 'instruction')} changed`;
    case 'history-differs':
      return `${reason.matched === 0 ? 'none' : `only ${reason.matched}`} of ${count(reason.of, 'instruction')} found in the image's history`;
    case 'base-differs':
      return `the image does not stand on ${shortName(reason.name)} as it is known here`;
    case 'fewer-layers':
      return `${count(reason.expected, 'layer')} expected, ${reason.found} found in the image`;
    case 'built-with':
      return `its history tells --build-arg ${[...reason.args].map(([name, value]) => `${name}=${value}`).join(' --build-arg ')}`;
    case 'no-history':
      return 'the image keeps no history';
    case 'no-target':
      return reason.name === undefined
        ? 'the file has no stage to build'
        : `the file has no stage named ${reason.name}`;
  }
}

/** One word per level, the same in every output. */
export function level(level: Level): 'error' | 'warning' | 'note' | 'hint' {
  switch (level) {
    case 'error':
    case 'warning':
    case 'hint':
      return level;
    case 'info':
      return 'note';
  }
}
