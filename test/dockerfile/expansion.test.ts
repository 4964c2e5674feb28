// Variables are put into words as BuildKit puts them, and what is not known stays visibly so.
import { describe, expect, test } from 'vitest';
import { expandHeredoc, expandWord, expandWords } from '../../server/src/dockerfile/expand.ts';
import type { Variables } from '../../server/src/dockerfile/expand.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import built from './data/expansion-cases.json' with { type: 'json' };

const VALUES: Readonly<Record<string, string>> = {
  a: 'A',
  empty: '',
  path: 'x/y/z.tar.gz',
  twice: 'abab',
  lines: 'one\ntwo',
  blanks: ' b  c ',
  stars: '*?*',
  dollar: '[$0]',
  été: 'summer',
};

const known: Variables = {
  get: (name) => (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined),
  isKnown: () => true,
};

/** Of all other names nothing is known: a base image that nobody read may define them. */
const open: Variables = { get: known.get.bind(known), isKnown: (name) => Object.hasOwn(VALUES, name) };

/** `expected`: the text, or a pattern of the complaint. */
function check(word: string, expected: string | RegExp, escape = '\\'): void {
  const { text, problem, unknown } = expandWord(word, known, escape);
  if (typeof expected === 'string') {
    expect({ text, problem, unknown }).toEqual({ text: expected, problem: undefined, unknown: [] });
  } else {
    expect(problem).toMatch(expected);
    expect(text).toBe('');
  }
}

describe('operators', () => {
  test.each<[string, string | RegExp]>([
    ['$a', 'A'],
    ['${a}', 'A'],
    ['$ab', ''],
    ['${a}b', 'Ab'],
    ['$a.b', 'A.b'],
    ['${été}$été', 'summersummer'],
    ['$none', ''],
    ['${none:-w}', 'w'],
    ['${empty:-w}', 'w'],
    ['${a:-w}', 'A'],
    ['${none-w}', 'w'],
    ['${empty-w}', ''],
    ['${a:+w}', 'w'],
    ['${empty:+w}', ''],
    ['${none:+w}', ''],
    ['${empty+w}', 'w'],
    ['${none+w}', ''],
    ['${a:?w}', 'A'],
    ['${empty?w}', ''],
    ['${empty:?w}', /^empty: w$/],
    ['${empty:?}', /^empty: is not allowed to be empty$/],
    ['${none?no value}', /^none: no value$/],
    ['${none?}', /^none: is not allowed to be unset$/],
    ['${none:?$a}', /^none: A$/],
    ['${path#*/}', 'y/z.tar.gz'],
    ['${path##*/}', 'z.tar.gz'],
    ['${path%.*}', 'x/y/z.tar'],
    ['${path%%.*}', 'x/y/z'],
    ['${path#y}', 'x/y/z.tar.gz'],
    ['${path#?/?}', '/z.tar.gz'],
    ['${path%}', 'x/y/z.tar.gz'],
    ['${path#.}', 'x/y/z.tar.gz'],
    ['${lines#o*}', 'ne\ntwo'],
    ['${lines##o*}', '\ntwo'],
    ['${lines%%t*}', 'one\n'],
    ['${stars#\\*}', '?*'],
    ['${stars%\\?\\*}', '*'],
    ['${path/\\//-}', 'x-y/z.tar.gz'],
    ['${path//\\//-}', 'x-y-z.tar.gz'],
    ['${twice/a/}', 'bab'],
    ['${twice//a/}', 'bb'],
    ['${twice/a*/z}', 'z'],
    ['${twice//?/z}', 'zzzz'],
    ['${twice//b/${dollar}}', 'a[b]a[b]'],
    ['${twice/b/${dollar}}', 'a[$0]ab'],
    ['${twice//x*/z}', 'abab'],
    ['${twice///-}', '-a-b-a-b-'],
    ['${none/a/b}', ''],
    ['${none:-${a}}', 'A'],
    ['${none:-${none:-${a}x}y}', 'Axy'],
    ['${a:+${none:-in}}', 'in'],
    ['${path%${none:-.gz}}', 'x/y/z.tar'],
    ['${none:-a b}', 'a b'],
    ['${none:-"a b"}', 'a b'],
    ["${none:-'$a'}", '$a'],
    ['${none:-\\}}', '}'],
    ['${none:-{}', '{'],
    ['${a}}', 'A}'],
  ])('%s', check);
});

describe('dollars that begin no variable', () => {
  test.each<[string, string]>([
    ['$', '$'],
    ['a$', 'a$'],
    ['$.', '$.'],
    ['$ a', '$ a'],
    ['$(a)', '$(a)'],
    ['$$a', 'a'],
    ['$1a', 'a'],
    ['$12a', 'a'],
    ['$@a$*b$#c$?d$-e$!f$0g', 'abcdefg'],
    ['${1}${@}', ''],
    ['${1:-a}', 'a'],
    ['\\$a', '$a'],
    ['\\${a}', '${a}'],
    ['\\\\$a', '\\A'],
  ])('%s', check);
});

describe('quotes and escapes', () => {
  test.each<[string, string | RegExp]>([
    ['"$a"', 'A'],
    ["'$a'", '$a'],
    ['"\'$a\'"', "'A'"],
    ["'\"'", '"'],
    ['"a\\"b"', 'a"b'],
    ['"a\\$a"', 'a$a'],
    ['"a\\nb"', 'a\\nb'],
    ['a\\nb', 'anb'],
    ['a\\ b', 'a b'],
    ["'a\\'", 'a\\'],
    ['a"b"c', 'abc'],
    ['a\\', 'a'],
    ['""', ''],
    ['a <<b', 'a <<b'],
    ['\ufeff"a"', 'a'],
  ])('%s', check);

  test('the backtick as escape character', () => {
    check('`$a', '$a', '`');
    check('c:\\a\\$a', 'c:\\a\\A', '`');
    check('"`$a"', '$a', '`');
  });
});

describe('what BuildKit refuses', () => {
  test.each<[string, RegExp]>([
    ['"a', /closing "/],
    ["'a", /closing '/],
    ['"a\\"', /closing "/],
    ['${', /closing }/],
    ['${a', /closing }/],
    ['${a:', /closing }/],
    ['${a:-b', /closing }/],
    ['${a:-b ${c}', /closing }/],
    ['${}', /name must follow/],
    ['${{a}', /name must follow/],
    ['${:-a}', /name must follow/],
    ['${.}', /cannot follow/],
    ['${a^^}', /cannot follow/],
    ['${a[@]}', /cannot follow/],
    ['${a:=b}', /no operator/],
    ['${a:b}', /no operator/],
    ['${a:#b}', /no operator/],
    ['${a:%b}', /no operator/],
    ['${a/b}', /\/ is missing/],
    ['${a/b/c', /closing }/],
    ['${a#\\b}', /before \* \? \\ \/ and }/],
    ['${a:-${}}', /name must follow/],
  ])('%s', check);
});

describe('words', () => {
  test.each<[string, readonly string[]]>([
    ['a b', ['a', 'b']],
    ['  a\tb  ', ['a', 'b']],
    ['a"b c"d e', ['ab cd', 'e']],
    ['a\\ b', ['a b']],
    ['x${blanks}y', ['x', 'b', 'c', 'y']],
    ['x"${blanks}"y', ['x b  c y']],
    ['$none', []],
    ['""', []],
    ['80${none}', ['80']],
    // BuildKit loses what stands before an operator's word.
    ['80${none:-81}', ['81']],
    ['80 ${none:-81 82}', ['80', '81', '82']],
  ])('%s', (text, words) => {
    expect(expandWords(text, known, '\\')).toEqual({ words, unknown: [], problem: undefined });
  });
});

describe('bodies of heredocs', () => {
  test('quotes are plain text', () => {
    expect(expandHeredoc("a \"$a\" '$a'\n\\$a don't\n", known)).toEqual({
      text: "a \"A\" 'A'\n$a don't\n",
      unknown: [],
      problem: undefined,
    });
  });
});

describe('what is not known', () => {
  test.each<[string, readonly string[]]>([
    ['$a', []],
    ['$x', ['x']],
    ['${x:-b}', ['x']],
    ['${x:+b}', ['x']],
    ['${x#b}', ['x']],
    ['${x/b/c}', ['x']],
    ['${x:?b}', ['x']],
    ['$x$y$x', ['x', 'y']],
    // Only what takes part in the outcome counts.
    ['${a:-$x}', []],
    ['${empty:-$x}', ['x']],
    ['${empty-$x}', []],
    ['${a:+$x}', ['x']],
    ['${empty:+$x}', []],
    ['${a:?$x}', []],
    ['${a#$x}', ['x', 'a']],
    ['${a/b/$x}', ['x']],
    ["'$x'", []],
    ['\\$x', []],
  ])('%s', (word, unknown) => {
    const result = expandWord(word, open, '\\');
    expect(result.problem).toBeUndefined();
    expect(result.unknown).toEqual(unknown);
  });

  test('a pattern that would take too long is given up, and said to be unknown', () => {
    const long: Variables = { get: () => 'a'.repeat(60_000), isKnown: () => true };
    const started = performance.now();
    expect(expandWord(`\${x#${'*a'.repeat(2_000)}b}`, long, '\\').unknown).toEqual(['x']);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('a real build', () => {
  test('gave the labels we expand', () => {
    expect(labelsOf(built.dockerfile)).toEqual(built.labels);
  });
});

/** The labels of the last stage, with one environment for ENV and ARG that stages take over from the stage they begin with. */
function labelsOf(text: string): Record<string, string> {
  const { stages, globalInstructions, escape } = parseDockerfile(text);
  const globals = new Map<string, string>();
  const environments = new Map<string, Map<string, string>>();
  const labels: Record<string, string> = {};
  const expand = (word: string, values: ReadonlyMap<string, string>): string =>
    expandWord(word, { get: (name) => values.get(name), isKnown: () => true }, escape).text;
  for (const instruction of globalInstructions) {
    for (const { name, value } of instruction.keyword === 'ARG' ? instruction.pairs : []) {
      globals.set(name.text, expand(value?.text ?? '', globals));
    }
  }
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  for (const { from, name, instructions } of stages) {
    const environment = new Map(environments.get(from.image!.text) ?? [['PATH', path]]);
    environments.set(name?.text ?? '', environment);
    for (const instruction of instructions) {
      const before = new Map(environment);
      if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV' && instruction.keyword !== 'LABEL') {
        continue;
      }
      for (const pair of instruction.pairs) {
        const value = pair.value === undefined ? globals.get(pair.name.text) : expand(pair.value.text, before);
        if (instruction.keyword === 'LABEL') {
          labels[pair.name.text] = value ?? '';
        } else if (value !== undefined) {
          environment.set(pair.name.text, value);
        }
      }
    }
  }
  return labels;
}
