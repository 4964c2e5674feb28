// What is wrong with a Dockerfile is said at the right place, in words that help.
import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';

type Expected = readonly ['refused' | 'fails' | 'warned', RegExp];

/** The text marks the spans of all problems, in order, with «»; one expectation for each. */
function check(marked: string, ...expected: readonly Expected[]): void {
  const text = marked.replaceAll(/[«»]/g, '');
  const { problems } = parseDockerfile(text);
  let shown = '';
  let at = 0;
  for (const { span } of problems) {
    shown += `${text.slice(at, span.start)}«${text.slice(span.start, span.end)}»`;
    at = span.end;
  }
  expect(shown + text.slice(at)).toBe(marked);
  expect(
    problems.map(({ kind, severity }) => (kind === 'parse' ? 'refused' : severity === 'error' ? 'fails' : 'warned')),
  ).toEqual(expected.map(([how]) => how));
  for (const [index, [, message]] of expected.entries()) {
    expect(problems[index]!.message).toMatch(message);
  }
}

describe('instructions', () => {
  test('a misspelt keyword gets a suggestion', () =>
    check('FROM a\n«RUNN» make\n', ['refused', /There is no instruction RUNN\. RUN is close/]));
  test('a line that lost its continuation', () =>
    check('FROM a\nRUN a\n  «&&» b\n', ['refused', /cannot begin with “&&”.*line above.*escape character/]));
  test('a keyword glued to its text', () => check('FROM a\n«RUN[x]»\n', ['refused', /A blank is missing behind RUN/]));
  test('anything else', () => check('FROM a\n«services:» b\n', ['refused', /no instruction “services:”/]));
  test('before the first FROM', () =>
    check('«RUN» a\nFROM b\n', ['refused', /RUN cannot stand before the first FROM; only ARG can/]));
  test('an empty file', () => check('«»', ['refused', /no instructions/]));
  test('only comments', () => check('«# a\n»', ['refused', /no instructions/]));
  test('only ARG', () => check('«ARG A=1»\n', ['fails', /nothing to build/]));
  test('a continuation of nothing', () => check('FROM a\n«»\\\n', ['refused', /Nothing follows/]));
});

describe('FROM', () => {
  test('without image', () => check('«FROM»\n', ['refused', /FROM needs an image/]));
  test('AS without name', () => check('FROM a «as»\n', ['refused', /stage name must follow AS/]));
  test('a comment behind it', () => check('FROM a «# base»\n', ['refused', /own/]));
  test('more words', () => check('FROM a «b»\n', ['refused', /Only “AS name”/]));
  test('a name that is none', () =>
    check('FROM a AS «1b»\n', ['refused', /“1b” cannot name a stage\. Begin with a letter/]));
  test('carriage returns alone', () => check('FROM «a\rRUN b»\r', ['refused', /LF or CRLF/]));
  test('a name given twice', () =>
    check('FROM a AS x\nFROM b AS «X»\n', ['warned', /Line 1 names a stage “x” too.*this one/]));
});

describe('flags', () => {
  test('unknown, with a suggestion', () =>
    check('FROM a\nCOPY «--form=b» c d\n', ['refused', /COPY has no flag --form\. --from is close/]));
  test('unknown, with the list', () =>
    check('FROM a\nCOPY «--frobnicate» c d\n', ['refused', /It takes --from, --chown/]));
  test('where there are none', () => check('FROM a\nCMD «--x» y\n', ['refused', /CMD takes no flags/]));
  test('given twice', () => check('FROM a\nCOPY --from=b «--from=c» d e\n', ['refused', /only once/]));
  test('without value', () => check('FROM a\nCOPY «--from» c d\n', ['refused', /--from needs a value/]));
  test('a switch that is neither true nor false', () =>
    check('FROM a\nCOPY «--link=yes» c d\n', ['refused', /true or false, not “yes”/]));
  test('an unknown network', () => check('FROM a\nRUN «--network=bridge» b\n', ['refused', /default, none or host/]));
  test('a variable in from of a mount', () =>
    check('FROM a\nRUN «--mount=from=$x,target=/y» b\n', ['refused', /takes no variables.*FROM image AS name/]));
  test('letters beyond ASCII', () =>
    check('FROM a\nCOPY «--chown=é» c d\n', ['warned', /garbles letters beyond ASCII.*--chown=Ã©/]));
});

describe('arguments', () => {
  test('COPY without destination', () =>
    check('FROM a\nCOPY «b»\n', ['refused', /needs a destination.*COPY b destination/]));
  test('COPY of nothing', () => check('FROM a\n«COPY»\n', ['refused', /source and a destination/]));
  test('a heredoc as destination', () =>
    check('FROM a\nCOPY b «<<E»\nE\n', ['refused', /heredoc cannot be the destination/]));
  test('ENV without value', () => check('FROM a\nENV «b»\n', ['refused', /ENV b has no value.*ENV b=value/]));
  test('ENV with a word that lost its quotes', () =>
    check('FROM a\nENV b=c «d»\n', ['refused', /“d” has no “=”.*quotes/]));
  test('a name missing', () => check('FROM a\nARG =«b»\n', ['refused', /name is missing/]));
  test('other things than strings in JSON', () => check('FROM a\nCMD «["b", 1]»\n', ['refused', /only strings/]));
  test('SHELL without JSON', () => check('FROM a\nSHELL «/bin/sh -c»\n', ['refused', /only the JSON form/]));
  test('an empty volume', () => check('FROM a\nVOLUME ["/a", «""»]\n', ['refused', /empty string/]));
  test('HEALTHCHECK of another kind', () =>
    check('FROM a\nHEALTHCHECK «curl» x\n', ['refused', /NONE or CMD, not by “curl”/]));
  test('a duration without unit', () =>
    check('FROM a\nHEALTHCHECK «--interval=30» CMD x\n', ['refused', /“30” is no duration.*unit/]));
  test('a duration too short', () => check('FROM a\nHEALTHCHECK «--timeout=1us» CMD x\n', ['refused', /at least 1ms/]));
  test('almost JSON', () => check("FROM a\nCMD «['b', 'c']»\n", ['warned', /no valid JSON.*shell.*double quotes/]));
  test('a bracket of the shell is no JSON', () => check('FROM a\nRUN [ "$A" = b ] && c\n'));
  test('quotes that do not close', () =>
    check('FROM a\nENV b=«"c»\n', ['fails', /cannot be expanded: a closing " is missing/]));
  test('a substitution that is none', () => check('FROM a\nWORKDIR «/${b:c}»\n', ['fails', /“:c” is no operator/]));
  test('a heredoc body that cannot be expanded', () =>
    check('FROM a\nCOPY <<E /f\n«a ${b\n»E\n', ['fails', /body of the heredoc E.*closing }.*quotes/]));
});

describe('ONBUILD', () => {
  test('behind ONBUILD', () => check('FROM a\nONBUILD «ONBUILD» RUN b\n', ['refused', /cannot stand behind ONBUILD/]));
  test('a trigger that cannot be one', () =>
    check('FROM a\nONBUILD «from» b\n', ['refused', /FROM cannot be a trigger/]));
  test('of nothing', () => check('FROM a\n«ONBUILD»\n', ['refused', /needs an instruction/]));
  test('a trigger that fails only later', () =>
    check('FROM a\nONBUILD COPY «b»\n', ['warned', /needs a destination.*Builds FROM this image will fail/]));
  test('a trigger that the parser itself refuses', () =>
    check('FROM a\nONBUILD ENV «b»\n', ['refused', /has no value/]));
});

describe('lines', () => {
  test('an empty line in a continuation', () =>
    check('FROM a\nRUN b \\\n«»\n  c\n', ['warned', /empty line inside an instruction/i]));
  test('a second directive', () => check('# escape=`\n«# escape=`»\nFROM a\n', ['refused', /only one/]));
  test('an escape character that is none', () =>
    check('«# escape=x»\nFROM a\n', ['refused', /only be \\ or `, not “x”/]));
  test('a line that is too long', () =>
    check(`FROM a\n«RUN ${'b'.repeat(76)}»${'b'.repeat(70_000)}\n`, ['refused', /70080 bytes.*65535/]));
});

describe('heredocs', () => {
  test('without end', () => check('FROM a\nRUN «<<EOF»\nb\n', ['refused', /No line “EOF” ends the heredoc/]));
  test('without end: the next instructions are still read', () => {
    const { stages } = parseDockerfile('FROM a\nRUN <<EOF\nb\n\n# c\nCOPY d e\n');
    expect(stages[0]!.instructions.map(({ keyword, lines }) => [keyword, lines])).toEqual([
      ['RUN', { start: 1, end: 2 }],
      ['COPY', { start: 5, end: 5 }],
    ]);
  });
  test('a shift taken for one', () =>
    check('FROM a\nRUN echo $((1 «<< 3))»\n', ['refused', /meant as a shift.*without blanks/]));
  test('one that BuildKit does not see', () =>
    check(
      "FROM a\nRUN don't «<<EOF»\n«EOF»\n",
      ['warned', /does not see this heredoc.*closing '/],
      ['refused', /no instruction/],
    ));
});
