/** Dockerfiles out of a seed: several stages, arguments, directories, heredocs, copies and mounts, every one of them buildable. */

export interface RandomDockerfile {
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
  readonly args: ReadonlyMap<string, string>;
  readonly target: string | undefined;
  /** Layers of the image all stages stand on. */
  readonly baseLayers: number;
}

export function randomDockerfile(seed: number): RandomDockerfile {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const chance = (part: number): boolean => random() < part;
  let serial = 0;
  // Every command has a number of its own, so that no two steps are one vertex.
  const unique = (): string => `${seed}.${serial++}`;

  const instruction = (stage: number): string => {
    const word = unique();
    const file = pick(['a.txt', 'dir', 'dir/b.txt', 'dir/*.txt', '.']);
    return pick([
      () => `RUN echo ${word} > /r-${word}`,
      () => `RUN echo ${word}   >   /r-${word} && \\\n    # in between\n\n      true "$A" \${B:-x}`,
      () => `RUN ["/bin/sh", "-c", "echo ${word} \\"q\\" > /j-${word}"]`,
      () => `RUN true ${word}`,
      () => `RUN <<EOF\necho ${word} > /h-${word}\necho "$A"\nEOF`,
      () => `RUN <<-'END' cat > /c-${word}\n\tone ${word}\n\tEND`,
      () => `RUN cat <<ONE > /m-${word} && cat <<TWO >> /m-${word}\n${word}\nONE\ntwo\nTWO`,
      () => `RUN <<X\n#!/bin/sh\necho ${word} > /s-${word}\nX`,
      () =>
        `RUN --mount=type=bind,target=/ctx --mount=type=tmpfs,target=/t echo ${word} $(ls /ctx | wc -l) > /b-${word}`,
      () => `RUN --mount=type=cache,target=/cache echo ${word} >> /cache/x && cp /cache/x /k-${word}`,
      () => `COPY ${file} /copy-${word}/`,
      () => `COPY --chown=1:2 --chmod=640 a.txt dir/b.txt $A-${word}/`,
      () => `COPY ["a.txt", "/json ${word}/"]`,
      () => `COPY <<ONE <<"TWO" /here-${word}/\n$A ${word}\nONE\n$A\nTWO`,
      () => `ADD a.txt /add-${word}`,
      () =>
        `copy ${stage > 0 && chance(0.7) ? `--from=${pick([`s${stage - 1}`, String(stage - 1)])} /seed` : 'a.txt'} /from-${word}`,
      () => `WORKDIR ${pick(['/w', 'rel', '"quoted dir"', '../up', '/', '$A', '/w/./x/..'])}`,
      () => `ENV A=${word} ${chance(0.5) ? 'C="$A and $B"' : ''}`,
      () => `ENV ${pick(['A', 'D'])} ${word} legacy   form`,
      () => `ARG ${pick(['B', `B=${word}`, 'G', `P="x $A" Q`, 'TARGETARCH'])}`,
      () => `LABEL l.${word}="v $A" other='$A'`,
      () => `EXPOSE ${pick(['80', '443/udp 80', '$PORTS', '8000-8003'])}`,
      () => `VOLUME ["/v ${word}"]`,
      () => `SHELL ["/bin/sh", "${pick(['-c', '-ec', '-exc'])}"]`,
      () => pick(['CMD', 'ENTRYPOINT']) + pick([` ["x", "${word}"]`, ` echo ${word}`]),
      () => `HEALTHCHECK --interval=${pick(['5s', '90s', '1500ms'])} --retries=3 CMD echo ${word}`,
      () => `STOPSIGNAL ${pick(['9', 'SIGTERM'])}`,
      () => `# a comment ${word}\n`,
    ])();
  };

  const stages = 1 + Math.floor(random() * 4);
  const lines = ['ARG BASE=busybox:local', 'ARG G=global'];
  for (let stage = 0; stage < stages; stage++) {
    const onStage = stage > 0 && chance(0.4);
    lines.push(
      `FROM ${onStage ? `s${Math.floor(random() * stage)}` : pick(['busybox:local', '$BASE', '${BASE:-none}'])} AS ${pick(['s', 'S'])}${stage}`,
    );
    lines.push(`ENV A=a${stage} PORTS="81 82"`, `RUN echo ${unique()} > /seed`);
    const count = 1 + Math.floor(random() * 9);
    for (let at = 0; at < count; at++) {
      lines.push(instruction(stage));
    }
    if (chance(0.2)) {
      lines.push(`ONBUILD ${pick(['RUN', 'run'])} echo ${unique()} > /onbuild`, 'ONBUILD ENV O=1');
    }
  }
  const files = new Map([
    ['a.txt', `a ${seed}\n`],
    ['dir/b.txt', `b ${seed}\n`],
    ['dir/c.txt', 'c\n'],
  ]);
  const args = new Map(chance(0.5) ? [['B', `given ${seed}`]] : []);
  const target = chance(0.2) ? `s${Math.floor(random() * stages)}` : undefined;
  return { text: `${lines.join('\n')}\n`, files, args, target, baseLayers: 2 };
}

/** Small and repeatable: a linear congruential generator with its low bits mixed. */
function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 2_246_822_507) >>> 0;
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 4_294_967_296;
  };
}
