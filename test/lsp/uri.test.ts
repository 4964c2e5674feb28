/** URIs of editors to paths of machines. */
import { describe, expect, test } from 'vitest';
import { innermostFolder, nameOfUri, pathBelow, pathOfUri } from '../../server/src/lsp/uri.ts';
import type { PathFlavour } from '../../server/src/lsp/uri.ts';

function check(uri: string, flavour: PathFlavour, path: string | undefined): void {
  expect(pathOfUri(uri, flavour)).toBe(path);
}

describe('on Windows', () => {
  test('a drive is the same drive however the editor writes it', () => {
    check('file:///c%3A/Users/Ann/Dockerfile', 'windows', String.raw`C:\Users\Ann\Dockerfile`);
    check('file:///C:/Users/Ann/Dockerfile', 'windows', String.raw`C:\Users\Ann\Dockerfile`);
    check('file:///c:/a%20b/%C3%A4/Dockerfile', 'windows', String.raw`C:\a b\ä\Dockerfile`);
    check('file:///d%3A', 'windows', 'D:\\');
  });
  test('a share keeps its server', () =>
    check('file://Server/share/Dockerfile', 'windows', String.raw`\\server\share\Dockerfile`));
  test('a path without a drive is none', () => check('file:///etc/Dockerfile', 'windows', undefined));
});

describe('elsewhere', () => {
  test('a file is its path', () => check('file:///home/ann/a%20b/Dockerfile', 'posix', '/home/ann/a b/Dockerfile'));
  test('this machine may be named', () => check('file://localhost/Dockerfile', 'posix', '/Dockerfile'));
  test('another machine has no path here', () => check('file://server/Dockerfile', 'posix', undefined));
  test('a broken escape is no path', () => check('file:///100%/Dockerfile', 'posix', undefined));
  test('a hash or a question mark in a name is escaped', () =>
    check('file:///a%23b%3Fc/Dockerfile', 'posix', '/a#b?c/Dockerfile'));
  test('what is no file has no path', () => {
    for (const uri of [
      'untitled:Untitled-1',
      'git:/a/Dockerfile?ref',
      'vscode-remote://wsl%2Bubuntu/a/Dockerfile',
      '',
    ]) {
      check(uri, 'posix', undefined);
      check(uri, 'windows', undefined);
    }
  });
});

test('names are the last part', () => {
  const uris = ['file:///a/Dockerfile.dev', 'untitled:Untitled-1', 'file:///a/b%20c', 'git:/x/Dockerfile?%7B%7D'];
  expect(uris.map(nameOfUri)).toEqual(['Dockerfile.dev', 'Untitled-1', 'b c', 'Dockerfile']);
});

test('a path below a folder does not depend on spelling', () => {
  expect(pathBelow('file:///c%3A/work', 'file:///C:/work/api/Dockerfile')).toBe('api/Dockerfile');
  expect(pathBelow('file:///work/', 'file:///work/Dockerfile')).toBe('Dockerfile');
  expect(pathBelow('file:///work', 'file:///workshop/Dockerfile')).toBeUndefined();
});

test('of nested folders the inner one counts', () => {
  expect(innermostFolder('file:///work/api/Dockerfile', ['file:///work', 'file:///work/api', 'file:///other'])).toBe(
    'file:///work/api',
  );
});
