// Every text of the case lists is read as BuildKit's own parser and instruction reader read it.
import { describe, expect, test } from 'vitest';
import type { Dockerfile, Instruction } from '../../server/src/dockerfile/dockerfile.ts';
import { flagOf } from '../../server/src/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';
import known from './data/dockerfile-cases.json' with { type: 'json' };
import odd from './data/odd-cases.json' with { type: 'json' };
import { instructionsOf } from './support.ts';

interface Case {
  readonly text: string;
  readonly error: string | null;
  readonly escape: string;
  readonly instructions: readonly { readonly keyword: string; readonly args: readonly string[] }[];
  readonly stages: readonly unknown[];
}

function check(expected: Case): void {
  const dockerfile = parseDockerfile(expected.text);
  const refused = dockerfile.problems.some(({ kind, severity }) => kind === 'parse' && severity === 'error');
  expect(refused).toBe(expected.error !== null);
  // Of a text it refuses, BuildKit hands on what stands before the trouble, and neither stages nor directives.
  const count = refused ? expected.instructions.length : undefined;
  expect(instructionsOf(dockerfile).slice(0, count).map(asBuildKit)).toEqual(
    expected.instructions.map(({ keyword, args, ...rest }) => ({
      ...rest,
      keyword: keyword.toUpperCase(),
      // BuildKit's parser follows ONBUILD ONBUILD to the end; we stop where it is refused.
      args: args[0] === '(ONBUILD)' ? ['(ONBUILD)'] : args,
    })),
  );
  if (!refused) {
    expect(dockerfile.escape).toBe(expected.escape);
    expect(stagesOf(dockerfile)).toEqual(expected.stages);
  }
}

function asBuildKit(instruction: Instruction): unknown {
  return {
    keyword: instruction.keyword === 'UNKNOWN' ? instruction.word.toUpperCase() : instruction.keyword,
    line: instruction.lines.start + 1,
    endLine: instruction.lines.end + 1,
    flags: instruction.flags.map(({ text }) => text),
    args: argsOf(instruction),
    json: instruction.json,
    heredocs: instruction.heredocs.map(({ name, fileDescriptor, expand, chomp, content }) => ({
      name,
      fileDescriptor,
      expand,
      chomp,
      content,
    })),
  };
}

/** BuildKit hands ENV and LABEL on as name, value and separator; in the lists, the trigger of an ONBUILD is in brackets. */
function argsOf(instruction: Instruction): string[] {
  switch (instruction.keyword) {
    case 'ENV':
    case 'LABEL': {
      const separator = instruction.args.length === 2 * instruction.pairs.length ? '' : '=';
      return instruction.pairs.flatMap(({ name, value }) => [name.text, value?.text ?? '', separator]);
    }
    case 'ONBUILD':
      return instruction.trigger === undefined
        ? []
        : [`(${instruction.args[0]!.text})`, ...argsOf(instruction.trigger)];
    case 'UNKNOWN':
      return [''];
    default:
      return instruction.args.map(({ text }) => text);
  }
}

function stagesOf({ stages }: Dockerfile): unknown {
  return stages.map(({ from, name, instructions }) => ({
    base: from.image?.text,
    name: name?.text.toLowerCase() ?? null,
    platform: flagOf(from, 'platform')?.value ?? null,
    instructions: instructions.length,
  }));
}

describe('the case list', () => {
  test.each(known.cases.map((each): [string, Case] => [each.name, each]))('%s', (_name, each) => check(each));
});

describe('odd texts', () => {
  test.each(odd.cases.map((each): [string, Case] => [each.name, each]))('%s', (_name, each) => check(each));
});

describe('a real engine', () => {
  // The engine looks further than one file's text: at what stages, ports, paths and mount options mean.
  const later = ['mount bad csv', 'mount from dollar last', 'json expose', 'from later stage'];
  // The engine's BuildKit is older here: it does not know this blank before a directive.
  const older = ['escape directive no-break space'];

  test('complains of the odd texts in which we see an error, and of no other', () => {
    const ours = odd.cases.filter(({ text }) =>
      parseDockerfile(text).problems.some(({ severity }) => severity === 'error'),
    );
    const engines = odd.cases.filter(({ engine, name }) => engine !== null && ![...later, ...older].includes(name));
    expect(ours.map(({ name }) => name)).toEqual(engines.map(({ name }) => name));
  });
});
