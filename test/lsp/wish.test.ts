/** Which image a document shows without being asked. */
import { describe, expect, test } from 'vitest';
import type { BuildRecord } from '../../server/src/build/record.ts';
import { isNewer, wishFor } from '../../server/src/lsp/wish.ts';
import type { DocumentConfiguration } from '../../server/src/lsp/configuration.ts';
import type { Pairing } from '../../server/src/sources/pairings.ts';

const at = Date.parse('2026-01-01T12:00:00Z');

function pairing(how: Pairing['how'], source?: string): Pairing {
  return { how, at, source, image: 'key', builtText: 'FROM a' };
}

function check(
  known: { readonly paired?: Pairing; readonly configured?: string; readonly trusted?: boolean },
  source: string | undefined,
): void {
  const configuration = { image: known.configured } as DocumentConfiguration;
  expect(wishFor(known.paired, configuration, known.trusted ?? true)?.source).toBe(source);
}

describe('in a trusted workspace', () => {
  test('what a person chose comes first', () => {
    check({ paired: pairing('asked', 'docker-daemon:mine'), configured: 'docker-daemon:set' }, 'docker-daemon:mine');
  });
  test('then what the settings name', () => {
    check({ paired: pairing('found', 'docker-daemon:built'), configured: 'docker-daemon:set' }, 'docker-daemon:set');
  });
  test('then the build seen last', () =>
    check({ paired: pairing('found', 'docker-daemon:built') }, 'docker-daemon:built'));
  test('who cleared wants nothing', () =>
    check({ paired: pairing('cleared'), configured: 'docker-daemon:set' }, undefined));
  test('nothing known, nothing read', () => check({}, undefined));
});

describe('in an untrusted workspace', () => {
  test('an archive that a person chose is read again', () => {
    check({ paired: pairing('asked', 'docker-archive:/a.tar'), trusted: false }, 'docker-archive:/a.tar');
  });
  test('no engine is asked', () => check({ paired: pairing('asked', 'docker-daemon:a'), trusted: false }, undefined));
  test('its settings name nothing', () => check({ configured: 'docker-archive:/a.tar', trusted: false }, undefined));
});

test('the text that an image was built from is remembered with that image', () => {
  const wish = wishFor(pairing('asked', 'docker-daemon:mine'), { image: undefined } as DocumentConfiguration, true);
  expect([wish?.image, wish?.builtText]).toEqual(['key', 'FROM a']);
});

describe('a build', () => {
  const record = (completedAt: string | undefined): BuildRecord => ({ completedAt }) as BuildRecord;

  test('after the choice counts more', () =>
    expect(isNewer(record('2026-01-01T12:00:01Z'), pairing('asked', 'x'))).toBe(true));
  test('before the choice counts less', () =>
    expect(isNewer(record('2026-01-01T11:59:59Z'), pairing('asked', 'x'))).toBe(false));
  test('before it was cleared stays unseen', () =>
    expect(isNewer(record('2026-01-01T11:00:00Z'), pairing('cleared'))).toBe(false));
  test('of unknown time does not overrule a person', () =>
    expect(isNewer(record(undefined), pairing('asked', 'x'))).toBe(false));
  test('replaces the one seen before', () => expect(isNewer(record(undefined), pairing('found', 'x'))).toBe(true));
});
