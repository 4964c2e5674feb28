/** The import rule of the house, read off the imports themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Left may not know right; files in one place may know each other. */
const order: readonly (readonly string[])[] = [
  ['settings.ts', 'protocol.ts'],
  ['text'],
  ['dockerfile'],
  ['image'],
  ['build'],
  ['mapping'],
  ['insights'],
  ['render'],
  ['lens.ts'],
  ['sources'],
  ['lsp', 'cli'],
];
const pure = new Set(order.slice(0, -2).flat());
const pureLibraries = new Map([['dockerfile', ['dockerfile-ast']]]);

interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const text = readFileSync(path.join(root, folder, name), 'utf8');
      const found = text.matchAll(
        /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|import\('([^']+)'\)/g,
      );
      return {
        name: `${folder}/${name.replaceAll('\\', '/')}`,
        text,
        imports: [...found].map((match) => (match[1] ?? match[2])!),
      };
    });
}

const server = sourceFiles('server/src');
const client = sourceFiles('client/src');

function resolveImport(from: SourceFile, target: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(from.name), target));
}

function placeOf(name: string): string {
  return name.replace('server/src/', '').split('/')[0]!;
}

function rankOf(place: string): number {
  return order.findIndex((places) => places.includes(place));
}

describe('server', () => {
  test('every place has a rank', () => {
    expect([...new Set(server.map(({ name }) => placeOf(name)))].filter((place) => rankOf(place) === -1)).toEqual([]);
  });

  test('a file imports from its own folder and from folders to its left', () => {
    const wrong = server.flatMap((file) =>
      file.imports
        .filter((target) => target.startsWith('.'))
        .map((target) => resolveImport(file, target))
        .filter((target) => {
          const [from, to] = [placeOf(file.name), placeOf(target)];
          return from !== to && rankOf(to) >= rankOf(from);
        })
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('left of sources nothing touches the world', () => {
    const worldly =
      /(?<![\w.'"`$])(?:process|console|Buffer|setTimeout|setInterval|setImmediate|fetch|performance)\s*[.(]|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/;
    const wrong = server
      .filter(({ name }) => pure.has(placeOf(name)))
      .flatMap((file) => [
        ...file.imports
          .filter((target) => !target.startsWith('.') && !pureLibraries.get(placeOf(file.name))?.includes(target))
          .map((target) => `${file.name} imports ${target}`),
        ...withoutComments(file.text)
          .split('\n')
          .filter((line) => worldly.test(line))
          .map((line) => `${file.name}: ${line.trim()}`),
      ]);
    expect(wrong).toEqual([]);
  });

  test('only lsp knows the protocol library, nobody knows vscode', () => {
    const wrong = server.flatMap((file) =>
      file.imports
        .filter((target) => target === 'vscode' || (target.startsWith('vscode-') && placeOf(file.name) !== 'lsp'))
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no cycles, of types neither', () => {
    const graph = new Map(
      server.map((file) => [
        file.name,
        file.imports.filter((target) => target.startsWith('.')).map((target) => resolveImport(file, target)),
      ]),
    );
    expect(cyclesOf(graph)).toEqual([]);
  });
});

test('the client sees of the server only its settings and its protocol', () => {
  const allowed = ['server/src/protocol.ts', 'server/src/settings.ts'];
  const wrong = client.flatMap((file) =>
    file.imports
      .filter((target) => target.startsWith('.'))
      .map((target) => resolveImport(file, target))
      .filter((target) => !target.startsWith('client/') && !allowed.includes(target))
      .map((target) => `${file.name} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('no default exports, and no index but the lists', () => {
  const wrong = [...server, ...client].flatMap(({ name, text }) => [
    ...(/^export default /m.test(text) ? [`${name} has a default export`] : []),
    ...(name.endsWith('/index.ts') && name !== 'server/src/insights/rules/index.ts' ? [name] : []),
  ]);
  expect(wrong).toEqual([]);
});

test('every file says in its first line what it is for', () => {
  const wrong = [...server, ...client]
    .filter(({ name }) => !name.includes('/rules/'))
    .filter(({ text }) => !/^(?:#!.*\n)?\/\*\*/.test(text))
    .map(({ name }) => name);
  expect(wrong).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(?<=^|\s)\/\/.*/g, '');
}

function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      cycles.push([...path.slice(path.indexOf(name)), name].join(' -> '));
      return;
    }
    if (!done.has(name)) {
      for (const target of graph.get(name) ?? []) {
        visit(target, [...path, name]);
      }
      done.add(name);
    }
  };
  for (const name of graph.keys()) {
    visit(name, []);
  }
  return cycles;
}
