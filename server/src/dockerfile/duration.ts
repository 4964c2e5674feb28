/** Durations as Go reads them: `1m30s`, `.5h`, `0`. */

const NANOSECONDS: Readonly<Record<string, number>> = {
  'ns': 1,
  'us': 1e3,
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  'ms': 1e6,
  's': 1e9,
  'm': 60e9,
  'h': 3600e9,
};

/** In nanoseconds; undefined where Go refuses the text. */
export function readDuration(text: string): number | undefined {
  const [, sign, rest] = /^([-+]?)(.*)$/s.exec(text)!;
  if (rest === '0') {
    return 0;
  }
  if (!/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)[^0-9.]+)+$/.test(rest!)) {
    return undefined;
  }
  let total = 0;
  for (const [, number, unit] of rest!.matchAll(/([0-9.]+)([^0-9.]+)/g)) {
    const size = Object.hasOwn(NANOSECONDS, unit!) ? NANOSECONDS[unit!]! : undefined;
    if (size === undefined) {
      return undefined;
    }
    total += Math.trunc(Number(number) * size);
  }
  if (total > 2 ** 63) {
    return undefined;
  }
  return sign === '-' ? -total : total;
}
