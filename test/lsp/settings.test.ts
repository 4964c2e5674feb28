/** Untyped settings to values. */
import { describe, expect, test } from 'vitest';
import { buildSettingFor, globMatches } from '../../server/src/lsp/builds-setting.ts';
import { readSettings } from '../../server/src/lsp/setting-values.ts';
import type { SettingValues } from '../../server/src/lsp/setting-values.ts';
import { settings } from '../../server/src/settings.ts';

function check(layers: readonly unknown[], expected: Partial<SettingValues>, complaints: readonly string[] = []): void {
  const heard: string[] = [];
  const defaults = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.default]));
  expect(readSettings(layers, (sentence) => heard.push(sentence))).toEqual({ ...defaults, ...expected });
  expect(heard).toEqual(complaints);
}

describe('reading', () => {
  test('nothing sent means the defaults', () => {
    for (const nothing of [undefined, null, {}, 'text', 7, []]) {
      check([nothing], {});
    }
  });
  test('nested and flat keys are the same', () => {
    check([{ docker: { path: 'podman' }, largeLayer: { megabytes: 5 } }], {
      'docker.path': 'podman',
      'largeLayer.megabytes': 5,
    });
    check([{ 'docker.path': 'podman' }], { 'docker.path': 'podman' });
  });
  test('the first layer that says something counts', () => {
    check([{ hover: null }, { hover: false, codeLens: 'off' }, { codeLens: 'from' }], {
      hover: false,
      codeLens: 'off',
    });
  });
  test('what cannot be used is told, and the next layer counts', () => {
    check(
      [{ codeLens: 'everywhere', cache: { megabytes: -1 }, builds: {} }, { codeLens: 'from' }],
      { codeLens: 'from' },
      [
        'layerLens.codeLens must be one of layers, from, off, not "everywhere"',
        'layerLens.builds must be a list, not {}',
        'layerLens.cache.megabytes must be a number of at least 0, not -1',
      ],
    );
  });
});

describe('globs', () => {
  const cases: readonly (readonly [glob: string, path: string, matches: boolean])[] = [
    ['Dockerfile', 'Dockerfile', true],
    ['Dockerfile', 'api/Dockerfile', false],
    ['./Dockerfile', 'Dockerfile', true],
    ['**/Dockerfile', 'Dockerfile', true],
    ['**/Dockerfile', 'a/b/Dockerfile', true],
    ['**/Dockerfile', 'a/b/MyDockerfile', false],
    ['services/*', 'services/Dockerfile', true],
    ['services/*', 'services/api/Dockerfile', false],
    ['services/**', 'services/api/Dockerfile', true],
    ['services/{api,web}/Dockerfile*', 'services/web/Dockerfile.dev', true],
    ['services/{api,web}/Dockerfile*', 'services/db/Dockerfile', false],
    ['Dockerfile.[a-c]', 'Dockerfile.b', true],
    ['Dockerfile.[!a-c]', 'Dockerfile.b', false],
    ['Dockerfile.?', 'Dockerfile.x', true],
    ['a+b(c).Dockerfile', 'a+b(c).Dockerfile', true],
    ['Dockerfile.[z-a]', 'Dockerfile.b', false],
    ['Docker{file', 'Dockerfile', true],
    ['Docker}file', 'Docker}file', true],
  ];
  test.each(cases)('%s and %s: %s', (glob, path, matches) => expect(globMatches(glob, path)).toBe(matches));
});

describe('builds', () => {
  const none = { build: { target: undefined, buildArgs: new Map(), platform: undefined }, image: undefined };

  function checkBuild(entries: readonly unknown[], expected: object, complaints: readonly string[] = []): void {
    const heard: string[] = [];
    expect(buildSettingFor('api/Dockerfile', entries, (sentence) => heard.push(sentence))).toEqual(expected);
    expect(heard).toEqual(complaints);
  }

  test('the first matching entry counts', () => {
    const entry = {
      dockerfile: 'api/*',
      target: 'final',
      args: { A: '1', B: 2 },
      platform: 'linux/arm/v7',
      image: 'docker-daemon:api',
    };
    checkBuild([{ dockerfile: 'web/*', target: 'no' }, entry, { dockerfile: '**', target: 'late' }], {
      build: {
        target: 'final',
        buildArgs: new Map([
          ['A', '1'],
          ['B', '2'],
        ]),
        platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
      },
      image: 'docker-daemon:api',
    });
  });
  test('no entry says nothing', () => checkBuild([], none));
  test('what cannot be used is told and left out', () => {
    checkBuild(['x', { dockerfile: '**', target: '', platform: 'arm64', args: { A: ['1'] } }], none, [
      'an entry of layerLens.builds names no `dockerfile`: "x"',
      'layerLens.builds: `arm64` is no platform; write it as `linux/arm64`',
      'layerLens.builds: the argument A must be a text',
    ]);
  });
});
