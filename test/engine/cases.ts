/**
 * Dockerfiles to build for real. «» marks every instruction that leaves a layer in the image, in order from bottom to top;
 * what is not marked must be shown without one. At a marked FROM that stands on triggers, `triggers` of them leave layers.
 */
export interface BuildCase {
  readonly name: string;
  readonly text: string;
  /** Files of the context: text, or a shell command that makes what text cannot. */
  readonly files?: Readonly<Record<string, string>>;
  readonly prepare?: string;
  readonly args?: readonly string[];
  /** Image to build first, and the name the text knows it by. */
  readonly parent?: { readonly name: string; readonly text: string };
  readonly triggers?: number;
  /** BuildKit keeps nothing of a build without any operation. */
  readonly unrecorded?: true;
}

const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;

export const cases: readonly BuildCase[] = [
  {
    name: 'plain',
    files: { 'a.txt': 'hello\n' },
    text: lines(
      'FROM busybox:local',
      'LABEL a=b',
      '«COPY a.txt /a.txt»',
      '«RUN echo hi > /hi && \\',
      '  # in between',
      '',
      '  echo ho > /ho»',
      'CMD ["cat", "/hi"]',
    ),
  },
  {
    name: 'multi-stage',
    files: { 'src/a.c': 'int a;\n', 'src/b.c': 'int b;\n' },
    text: lines(
      'FROM busybox:local AS build',
      'WORKDIR /src',
      'COPY src .',
      'RUN cat *.c > /out.bin && dd if=/dev/zero of=/big bs=1024 count=64 2>/dev/null',
      'FROM busybox:local',
      '«COPY --from=build /out.bin /app»',
      '«COPY --from=0 /big /data/»',
      'ENTRYPOINT ["/app"]',
    ),
  },
  {
    name: 'run-heredoc',
    text: lines(
      'FROM busybox:local',
      '«RUN <<EOF',
      'echo one > /one',
      '# no comment here',
      'echo two > /two',
      'EOF»',
      '«RUN cat <<A > /a && cat <<B > /b',
      'aaa',
      'A',
      'bb',
      'B»',
      'USER 1000',
    ),
  },
  {
    name: 'run-shebang',
    text: lines('FROM busybox:local', '«RUN <<EOF', '#!/bin/busybox sh', 'echo shebang > /she', 'EOF»', 'ENV A=1'),
  },
  {
    name: 'copy-heredoc',
    text: lines(
      'FROM busybox:local',
      'ARG WHO=world',
      '«COPY <<EOF /greeting',
      'hello $WHO',
      'EOF»',
      '«COPY <<"ONE" <<TWO /etc/',
      'no $WHO',
      'ONE',
      'yes $WHO',
      'TWO»',
    ),
  },
  {
    name: 'arg-prefixes',
    args: ['--build-arg', 'A=a value with blanks', '--build-arg', 'B=2'],
    text: lines(
      'FROM busybox:local',
      'ARG A',
      '«RUN echo $A > /a»',
      'ARG B=1 C',
      '«RUN echo "$A $B $C" > /b»',
      'ENV A=other',
      '«RUN echo $A > /c»',
    ),
  },
  {
    name: 'onbuild',
    files: { 'x.txt': 'x\n' },
    parent: {
      name: 'onbuild-base',
      text: lines(
        'FROM busybox:local',
        'RUN echo base > /base',
        'ONBUILD ENV T=1',
        'ONBUILD COPY x.txt /x.txt',
        'ONBUILD RUN echo $T > /t',
      ),
    },
    triggers: 2,
    text: lines('«FROM layer-lens-test-onbuild-base»', '«RUN echo mine > /mine»'),
  },
  {
    name: 'workdir',
    text: lines(
      'FROM busybox:local',
      '«WORKDIR /app»',
      '«WORKDIR sub»',
      'WORKDIR /',
      '«WORKDIR /app»',
      '«WORKDIR "with blank"»',
      'ENV D=/env/dir',
      '«WORKDIR $D»',
      '«RUN pwd > here»',
      'WORKDIR ../..',
      '«WORKDIR //twice»',
    ),
  },
  {
    name: 'copy-link',
    files: { 'a.txt': 'a\n', 'b.txt': 'bb\n' },
    text: lines(
      'FROM busybox:local AS one',
      'RUN echo linked > /linked',
      'FROM busybox:local',
      '«COPY --link a.txt /a/»',
      '«COPY --link --from=one /linked /b/»',
      '«RUN cat /a/a.txt /b/linked > /c»',
      '«COPY b.txt /a/»',
    ),
  },
  {
    name: 'scratch',
    files: { 'only.txt': 'only\n' },
    text: lines('FROM scratch', '«COPY only.txt /»', 'CMD ["/only.txt"]'),
  },
  {
    name: 'duplicate-layers',
    files: { 'a.txt': 'same\n' },
    text: lines(
      'FROM busybox:local',
      '«COPY a.txt /a.txt»',
      '«COPY a.txt /a.txt»',
      '«WORKDIR /etc»',
      '«WORKDIR /tmp»',
      '«COPY a.txt /a.txt»',
      '«RUN true»',
      '«RUN true»',
    ),
  },
  {
    name: 'sixty-layers',
    text: lines(
      'FROM busybox:local',
      ...Array.from({ length: 60 }, (_, index) =>
        index % 7 === 6
          ? `ENV V${index}=${index}\n«RUN echo $V${index} > /f${index}»`
          : `«RUN echo ${'x'.repeat(index)} > /f${index}»`,
      ),
    ),
  },
  {
    name: 'stage-chain',
    files: { 'a.txt': 'a\n' },
    text: lines(
      'FROM busybox:local AS one',
      '«RUN echo 1 > /1»',
      'ENV ONE=1',
      'FROM one AS two',
      '«COPY a.txt /two.txt»',
      '«WORKDIR /w»',
      'FROM two',
      '«RUN echo $ONE > three»',
      'CMD ["true"]',
    ),
  },
  {
    name: 'mounts',
    files: { 'in/data.txt': 'data\n', 'token': 'secret\n' },
    args: ['--secret', 'id=token,src=token'],
    text: lines(
      'FROM busybox:local AS tool',
      'RUN echo tool > /tool',
      'FROM busybox:local',
      '«RUN --mount=type=bind,source=in,target=/in cat /in/data.txt > /copied»',
      '«RUN --mount=type=cache,target=/cache --mount=type=tmpfs,target=/scratch echo c > /cache/c && echo s > /scratch/s && echo kept > /kept»',
      '«RUN --mount=type=secret,id=token wc -c < /run/secrets/token > /length»',
      '«RUN --mount=from=tool,source=/tool,target=/t cat /t > /from-tool»',
    ),
  },
  {
    name: 'shell',
    text: lines(
      'FROM busybox:local',
      'SHELL ["/bin/sh", "-ec"]',
      '«RUN echo a > /a»',
      'SHELL ["/bin/busybox", "ash", "-c"]',
      '«RUN echo b > /b»',
      '«RUN ["/bin/busybox", "touch", "/c"]»',
    ),
  },
  {
    name: 'env-expansion',
    files: { 'a.txt': 'a\n' },
    parent: {
      name: 'env-base',
      text: lines('FROM busybox:local', 'ENV BASE=/from/base VERSION=1.2.3', 'USER 7:7', 'WORKDIR /base'),
    },
    text: lines(
      'FROM layer-lens-test-env-base',
      'ENV DIR=$BASE/${VERSION%.*}',
      '«COPY a.txt $DIR/»',
      '«WORKDIR ${BASE}/${NOTHING:-deep}»',
      'USER 0:0',
      '«RUN pwd > p && echo $DIR > d»',
    ),
  },
  {
    name: 'expose',
    text: lines(
      'FROM busybox:local',
      'EXPOSE 8000-8003 53/udp',
      'ARG P=443',
      'EXPOSE $P/tcp',
      '«RUN echo e > /e»',
      'VOLUME ["/data", "/log"]',
      'STOPSIGNAL SIGINT',
    ),
  },
  {
    name: 'healthcheck',
    text: lines(
      'FROM busybox:local',
      'HEALTHCHECK --interval=5s --timeout=3s --retries=4 CMD wget -q localhost || exit 1',
      '«RUN echo h > /h»',
      'HEALTHCHECK NONE',
    ),
  },
  {
    name: 'user',
    files: { 'a.txt': 'a\n' },
    text: lines(
      'FROM busybox:local',
      '«RUN mkdir -m 777 /open»',
      'USER 1000:1000',
      '«WORKDIR /open/mine»',
      '«COPY --chown=1000:1000 --chmod=640 a.txt .»',
      '«RUN id -u > uid»',
    ),
  },
  {
    name: 'add-tar',
    prepare: 'mkdir t && echo one > t/one && echo three > t/three && tar -czf t.tgz t && rm -r t',
    text: lines('FROM busybox:local', '«ADD t.tgz /unpacked/»', '«COPY t.tgz /packed/»', '«RUN rm /unpacked/t/one»'),
  },
  {
    name: 'metadata-only',
    text: lines('FROM busybox:local', 'LABEL a=1 b="two words"', 'ENV A=1', 'EXPOSE 80', 'CMD ["sh"]'),
  },
  { name: 'from-only', text: lines('# nothing else', 'FROM busybox:local') },
  {
    name: 'global-args',
    args: ['--build-arg', 'TAG=local'],
    text: lines(
      'ARG NAME=busybox',
      'ARG TAG=nope',
      'ARG GREETING="hello  there"',
      'FROM ${NAME}:$TAG',
      'ARG GREETING',
      '«RUN echo "$GREETING" > /g»',
      '«RUN echo "${TAG:-none}" > /t»',
    ),
  },
  {
    name: 'target',
    args: ['--target', 'Middle', '--build-arg', 'MODE=fast'],
    text: lines(
      'FROM busybox:local AS first',
      '«RUN echo 1 > /1»',
      'FROM first AS middle',
      'ARG MODE=slow',
      '«RUN echo $MODE > /mode»',
      'FROM middle AS last',
      'RUN exit 1',
    ),
  },
  {
    name: 'apt-get',
    args: ['--network', 'host'],
    text: lines(
      'FROM debian:bookworm',
      '«RUN apt-get update -o Acquire::Check-Valid-Until=false && apt-get install -y --no-install-recommends ca-certificates»',
      '«RUN rm -rf /var/lib/apt/lists/*»',
      '«RUN echo done > /etc/done»',
    ),
  },
  {
    name: 'unreachable',
    text: lines(
      'FROM no.such/image:1 AS never',
      'RUN exit 1',
      'COPY missing /',
      'FROM busybox:local AS used',
      'RUN echo used > /used',
      'FROM busybox:local',
      '«COPY --from=used /used /»',
    ),
  },
  {
    name: 'links-and-whiteouts',
    text: lines(
      'FROM busybox:local',
      '«RUN mkdir /d && echo original > /d/file && ln /d/file /d/hard && ln -s file /d/soft && mkfifo /d/pipe»',
      '«RUN rm /d/hard && echo longer than before > /d/file»',
      '«RUN rm -r /d && mkdir /d && echo new > /d/new»',
      '«RUN chmod 600 /d/new»',
    ),
  },
  {
    name: 'escape',
    files: { 'a b.txt': 'a\n' },
    text: lines(
      '# escape=`',
      'FROM busybox:local',
      '«RUN echo one `',
      '  && echo two > /two»',
      '«COPY ["a b.txt", "/c d/"]»',
    ),
  },
  {
    name: 'crlf',
    files: { 'a.txt': 'a\n' },
    text: lines(
      'FROM busybox:local',
      '«COPY a.txt /a.txt»',
      '«RUN echo a && \\',
      '  echo b > /b»',
      '«RUN <<EOF',
      'echo hi > /hi',
      'EOF»',
    ).replaceAll('\n', '\r\n'),
  },
  { name: 'byte-order-mark', text: `\uFEFF${lines('FROM busybox:local', '«RUN echo bom > /bom»')}` },
  {
    name: 'same-step-twice',
    files: { 'a.txt': 'a\n' },
    text: lines(
      'FROM busybox:local AS one',
      'RUN echo same > /same',
      'COPY a.txt /',
      'FROM busybox:local AS two',
      '«RUN echo same > /same»',
      '«COPY a.txt /»',
      '«COPY --from=one /same /again»',
    ),
  },
  { name: 'no-layers', unrecorded: true, text: lines('FROM scratch', 'LABEL only=metadata', 'ENV A=1') },
  {
    name: 'case-and-comments',
    text: lines(
      '# syntax is not named here',
      'from busybox:local as Base',
      '',
      '# a comment',
      '  «run echo lower > /lower»',
      '\tcmd ["sh"]',
    ),
  },
  {
    name: 'unicode',
    files: { 'grüße.txt': 'ü\n' },
    text: lines('FROM busybox:local', 'LABEL text="größe 🐳"', '«COPY grüße.txt /ü/»', '«RUN echo "日本 🐳" > /wal»'),
  },
];
