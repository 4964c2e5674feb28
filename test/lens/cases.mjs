// The builds behind the golden cases. `text` is built; `shown` is what stands in the editor afterwards, where that differs;
// `forgetText`: nobody remembers which text was built, as with an archive from elsewhere.

/** @type {readonly { name: string, text: string, shown?: string, files?: Record<string, string>, args?: string[], target?: string, base?: { name: string, text: string }, forgetText?: boolean }[]} */
export const cases = [
  {
    name: 'multi-stage',
    files: { 'main.txt': 'x'.repeat(40_000) },
    text: `# Builds in one stage, ships another.
FROM busybox:local AS build
WORKDIR /src
COPY main.txt .
RUN cat main.txt main.txt main.txt > app && mkdir out && mv app out/

FROM busybox:local
COPY --from=build /src/out /opt/app
ENV PATH=$PATH:/opt/app
CMD ["app"]
`,
  },
  {
    name: 'heredoc',
    text: `FROM busybox:local
RUN <<EOF
set -e
head -c 250000 /dev/zero > /data
# not a comment of the Dockerfile
wc -c /data
EOF
COPY <<one.conf <<"two.conf" /etc/app/
first = 1
one.conf
second = $not_expanded
two.conf
USER nobody
`,
  },
  {
    name: 'apt-on-debian',
    args: ['--network', 'host'],
    text: `FROM debian:bookworm
RUN apt-get update
RUN apt-get install -y --no-install-recommends tree
RUN rm -rf /var/lib/apt/lists/*
`,
  },
  {
    name: 'onbuild-base',
    base: {
      name: 'll-terminal-onbuild:1',
      text: 'FROM busybox:local\nONBUILD WORKDIR /app\nONBUILD COPY . .\nONBUILD RUN head -c 120000 /dev/zero > built\nONBUILD ENV READY=1\n',
    },
    files: { 'src.txt': 'y'.repeat(7_000) },
    text: `FROM ll-terminal-onbuild:1
RUN head -c 3000 /dev/zero > /more
`,
  },
  {
    name: 'edited-since',
    text: `FROM busybox:local
RUN head -c 500000 /dev/zero > /big
WORKDIR /app
RUN head -c 20000 /dev/zero > small
`,
    shown: `FROM busybox:local
RUN head -c 400000 /dev/zero > /big
WORKDIR /app
RUN head -c 20000 /dev/zero > small
RUN echo new
`,
  },
  {
    name: 'edited-and-forgotten',
    forgetText: true,
    text: `FROM busybox:local
RUN head -c 500000 /dev/zero > /big
WORKDIR /app
RUN head -c 20000 /dev/zero > small
CMD ["sh"]
`,
    shown: `FROM busybox:local
RUN head -c 500000 /dev/zero > /big
WORKDIR /app
RUN head -c 30000 /dev/zero > small
CMD ["sh"]
`,
  },
  {
    name: 'not-this-file',
    forgetText: true,
    text: `FROM busybox:local
RUN head -c 1000 /dev/zero > /a
ENV A=1
RUN head -c 2000 /dev/zero > /b
`,
    shown: `FROM debian:bookworm
WORKDIR /srv
COPY . .
RUN make
`,
  },
  {
    name: 'scratch',
    files: { 'hello': 'h'.repeat(1_500), 'etc/passwd': 'root:x:0:0::/:\n' },
    text: `FROM scratch
COPY hello /hello
ADD etc/passwd /etc/
ENTRYPOINT ["/hello"]
`,
  },
  {
    name: 'workdir-chain',
    text: `FROM busybox:local
WORKDIR /
WORKDIR /one
WORKDIR two
WORKDIR /one/two
RUN pwd > here
`,
  },
  {
    name: 'layers-without-change',
    text: `FROM busybox:local
RUN true
RUN true
RUN head -c 1500 /dev/zero > /x
RUN rm /x
RUN mkdir /empty
RUN ln -s /x /y
`,
  },
  {
    name: 'arguments',
    args: ['--build-arg', 'SIZE=2000'],
    text: `ARG TAG=local
FROM busybox:\${TAG}
ARG SIZE=1000
ARG NAME
RUN head -c $SIZE /dev/zero > /sized
ENV KEPT=$SIZE
RUN head -c \${KEPT} /dev/zero > /again
`,
  },
  {
    name: 'stage-on-stage',
    text: `FROM busybox:local AS common
RUN head -c 9000 /dev/zero > /common

FROM common AS tests
RUN head -c 77000 /dev/zero > /tests

FROM common AS app
RUN head -c 5000 /dev/zero > /app
`,
  },
  {
    name: 'another-target',
    target: 'build',
    text: `FROM busybox:local AS build
RUN head -c 64000 /dev/zero > /out

FROM scratch
COPY --from=build /out /out
`,
  },
  {
    name: 'copy-link',
    files: { 'a.bin': 'a'.repeat(1_234), 'b.bin': 'b'.repeat(5_678) },
    text: `FROM busybox:local
COPY --link a.bin /a/
RUN head -c 100 /dev/zero > /between
COPY --link --chmod=600 b.bin /b/
`,
  },
  {
    name: 'mounts',
    files: { 'data.txt': 'd'.repeat(4_000) },
    text: `FROM busybox:local AS tools
RUN head -c 2500 /dev/zero > /tool

FROM busybox:local
RUN --mount=type=bind,source=data.txt,target=/data.txt \\
    --mount=from=tools,source=/tool,target=/tool \\
    cat /data.txt /tool > /joined
RUN --mount=type=cache,target=/cache head -c 9999 /dev/zero > /cache/kept
`,
  },
  {
    name: 'continuations-and-signs',
    text: `# 大きさ を 見る
FROM busybox:local

LABEL title="日本語 👩‍👩‍👧" \\
      # a comment inside
      mail='a@b'
RUN\thead -c 8000 /dev/zero > /tabs && \\
\techo "é" > /e

    RUN head -c 10 /dev/zero > /indented
`,
  },
  {
    name: 'carriage-returns',
    text: 'FROM busybox:local\r\nRUN head -c 3000 /dev/zero \\\r\n    > /crlf\r\nCMD ["sh"]\r\n',
  },
];

/** Texts that nothing was built from. */
export const unbuilt = [
  {
    name: 'not-measured',
    text: `FROM golang AS build
COPY . /src
RUN go build -o /app /src

FROM alpine AS lint
RUN lint

FROM scratch
COPY --from=build /app /app
WORKDIR /
CMD ["/app"]
`,
  },
  {
    name: 'problems',
    text: `FROM alpine
RUNN apk add curl
COPY onlyone
EXPOSE eighty
`,
  },
];
