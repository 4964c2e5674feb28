import { expect, test } from 'vitest';
import { createdBy, exactText, matchesPattern } from '../../server/src/build/created-by.ts';
import { planBuild } from '../../server/src/build/plan.ts';
import { parseDockerfile } from '../../server/src/dockerfile/parse.ts';

const platform = { os: 'linux', architecture: 'amd64', variant: undefined };

/** The history that a build of the text leaves above its base, entry by entry; `…` where it cannot be known. */
function check(text: string, expected: string, args: Record<string, string> = {}): void {
  const options = { target: undefined, buildArgs: new Map(Object.entries(args)), platform };
  const entries = planBuild(parseDockerfile(text), new Map(), options)
    .chain.flatMap((stage) => stage.steps)
    .map((step) => createdBy(step.instruction, step.before, step.after))
    .filter((patterns) => patterns.length > 0)
    .map(([newest]) => newest!.map((piece) => piece ?? '…').join(''));
  expect(entries.join('\n')).toBe(expected.trim());
}

// What Engine 28.5 wrote for this very text.
test('every instruction, as a real build recorded it', () =>
  check(
    String.raw`FROM scratch AS Build
RUN echo a > /a
FROM build
WORKDIR foo/./bar//
WORKDIR ../x
RUN <<E cat
hello
E
CMD echo "a	b" é
USER "0:0"
VOLUME /a /b
COPY <<F <<G /dst/
ff
F
gg
G
WORKDIR /
WORKDIR /e/../f/.
WORKDIR ""
SHELL ["/bin/sh", "-e", "-c"]
ENV A="x y" B=$A
LABEL "a b"="c d" e=$A
CMD ["a", "b\nc"]
ENTRYPOINT exec top -b
STOPSIGNAL SIGTERM
ARG FOO BAR=1 BAZ=$A
RUN ["echo", "x"]
RUN echo $FOO $BAZ
MAINTAINER me <a@b>
COPY --chmod=644 --chown=1:2 ["Dockerfile", "./x y/"]
`,
    String.raw`
RUN /bin/sh -c echo a > /a # buildkit
WORKDIR /foo/bar
WORKDIR /foo/x
RUN /bin/sh -c <<E cat
hello
E # buildkit
CMD ["/bin/sh" "-c" "echo \"a\tb\" é"]
USER 0:0
VOLUME [/a /b]
COPY <<F <<G /dst/ # buildkit
WORKDIR /
WORKDIR /e/../f/.
WORKDIR /e/../f/.
SHELL [/bin/sh -e -c]
ENV A=x y B=
LABEL a b=c d e=x y
CMD ["a" "b\nc"]
ENTRYPOINT ["/bin/sh" "-e" "-c" "exec top -b"]
STOPSIGNAL SIGTERM
ARG FOO BAR=1 BAZ=x y
RUN |3 FOO= BAR=1 BAZ=x y echo x # buildkit
RUN |3 FOO= BAR=1 BAZ=x y /bin/sh -e -c echo $FOO $BAZ # buildkit
MAINTAINER me <a@b>
COPY --chown=1:2 --chmod=644 Dockerfile ./x y/ # buildkit
`,
  ));

test('a RUN that is one heredoc is its body; a script with #! is a file', () =>
  check(
    'FROM scratch\nRUN <<EOF\necho hi\nEOF\nRUN <<-X\n\t#!/bin/ash\n\techo\nX\nRUN <<-Y\n\ttabs\n\tY\n',
    'RUN /bin/sh -c echo hi\n # buildkit\nRUN /bin/sh -c /dev/pipes/X # buildkit\nRUN /bin/sh -c tabs\n # buildkit',
  ));

test('build arguments win over defaults, and children inherit them', () =>
  check(
    'ARG G=global\nFROM scratch AS a\nARG V=1 G\nENV V=e\nFROM a\nARG W\nRUN x\n',
    'ARG V=2 G=global\nENV V=e\nARG W=w\nRUN |3 V=e G=global W=w /bin/sh -c x # buildkit',
    { V: '2', W: 'w' },
  ));

test('what depends on a base that was not read stays open', () =>
  check(
    'FROM base\nENV A=$HOME B=b\nWORKDIR rel\nRUN make $B\nCOPY $B $X /d\n',
    'ENV A=… B=b\nWORKDIR …\nRUN … make $B # buildkit\nCOPY b … /d # buildkit',
  ));

function patternsOf(line: string): string[] {
  const options = { target: undefined, buildArgs: new Map<string, string>(), platform };
  const step = planBuild(parseDockerfile(`FROM scratch\n${line}\n`), new Map(), options).stages[0]!.steps.at(-1)!;
  return createdBy(step.instruction, step.before, step.after).map((pattern) => exactText(pattern)!);
}

test('ports: every way an engine has written them', () =>
  expect(patternsOf('EXPOSE 80 443/TCP 100-102 8080:80')).toEqual([
    'EXPOSE [100/tcp 101/tcp 102/tcp 443/tcp 80/tcp 80/tcp]',
    'EXPOSE [100/tcp 101/tcp 102/tcp 443/tcp 80/tcp 80/tcp]',
    'EXPOSE map[100/tcp:{} 101/tcp:{} 102/tcp:{} 443/tcp:{} 80/tcp:{}]',
  ]));

test.each([
  [
    'HEALTHCHECK --interval=90s --timeout=1m30s --retries=3 CMD echo "hi" \\x',
    String.raw`HEALTHCHECK &{["CMD-SHELL" "echo \"hi\" \\x"] "1m30s" "1m30s" "0s" "0s" '\x03'}`,
  ],
  [
    'HEALTHCHECK --interval=1500ms --start-period=0.5h CMD ["a","b"]',
    String.raw`HEALTHCHECK &{["CMD" "a" "b"] "1.5s" "0s" "30m0s" "0s" '\x00'}`,
  ],
  ['HEALTHCHECK NONE', String.raw`HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" '\x00'}`],
])('%s', (line, expected) => expect(patternsOf(line)).toContain(expected));

test.each([
  [['RUN ', undefined, ' make # buildkit'], 'RUN |1 A=b /bin/sh -c make # buildkit', true],
  [['RUN ', undefined, ' make # buildkit'], 'RUN /bin/sh -c cmake # buildkit', false],
  [['RUN ', undefined, ' make # buildkit'], 'RUN make # buildkit', false],
  [[undefined], 'anything', true],
  [['a', undefined, 'b', undefined, 'b'], 'abb', true],
  [['a', undefined, 'b', undefined, 'b'], 'ab', false],
  [['exact'], 'exact ', false],
  [[], '', false],
])('%j matches %j: %s', (pattern, text, expected) => expect(matchesPattern(pattern, text)).toBe(expected));
