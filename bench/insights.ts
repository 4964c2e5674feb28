/** Text to insights of a long Dockerfile, beside the validation that editors run today. */
import { DockerfileParser } from 'dockerfile-ast';
import { DockerfileLanguageServiceFactory } from 'dockerfile-language-service';
import { lens } from '../server/src/lens.ts';
import { figures, timeInTurn, type Comparison } from './measure.ts';

const config = {
  build: { target: undefined, buildArgs: new Map<string, string>(), platform: undefined },
  levels: new Map(),
  largeLayerBytes: 100_000_000,
};
const evidence = { bases: new Map(), image: undefined, record: undefined, builtText: undefined };

export function benchInsights(): Comparison[] {
  const text = longDockerfile(1000);
  const service = DockerfileLanguageServiceFactory.createLanguageService();
  // A changed last line each time, so that nobody can answer from memory.
  let run = 0;
  const fresh = (): string => `${text}# ${run++}\n`;
  const parsing = watchParser();
  const insights = (): void => {
    parsing.reset();
    const start = performance.now();
    lens(fresh(), evidence, config);
    parsing.note(performance.now() - start);
  };
  const warmUp = 50;
  const [ours, validation] = timeInTurn([insights, () => service.validate(fresh())], warmUp, 300);
  const [mine, rival] = [figures(ours!), figures(validation!)];
  const [own, parse] = [figures(parsing.beyond.slice(warmUp)), figures(parsing.inside.slice(warmUp))];
  parsing.restore();
  return [
    {
      name: 'text to insights, 1,000 lines',
      ours: mine,
      rival,
      rivalName: "dockerfile-language-service's validation",
      bar: 'median at most 0.6 of it',
      holds: mine.median <= 0.6 * rival.median,
    },
    {
      name: "the same, beyond dockerfile-ast's own parse",
      ours: own,
      rival: parse,
      rivalName: 'dockerfile-ast, inside the same calls',
      bar: '95th percentile at most 4 ms',
      holds: own.p95 <= 4,
    },
  ];
}

/** Times dockerfile-ast's parser from inside, so that the two parts of one call are told apart. */
function watchParser() {
  const original = DockerfileParser.parse.bind(DockerfileParser);
  const beyond: number[] = [];
  const inside: number[] = [];
  let spent = 0;
  DockerfileParser.parse = (content: string) => {
    const start = performance.now();
    const parsed = original(content);
    spent += performance.now() - start;
    return parsed;
  };
  return {
    beyond,
    inside,
    reset: () => void (spent = 0),
    note: (total: number) => {
      inside.push(spent);
      beyond.push(total - spent);
    },
    restore: () => void (DockerfileParser.parse = original),
  };
}

/** Stages such as people write, over and over, until there are so many lines. */
export function longDockerfile(lines: number): string {
  const stage = (index: number): string => `
FROM debian:bookworm-slim AS stage${index}
ARG VERSION${index}=1.${index}
ARG TARGETARCH
ENV NODE_VERSION=20.\${VERSION${index}} PATH="/opt/node/bin:$PATH" \\
    LANG=C.UTF-8
LABEL org.opencontainers.image.version="\${VERSION${index}}"
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /app/service${index}
# packages that the build needs
RUN apt-get update && \\
    apt-get install -y --no-install-recommends \\
      build-essential \\
      # the compiler wants it
      ca-certificates \\
      curl=7.* && \\
    rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=token \\
    npm ci --prefix "$PWD" && curl -fsSL https://example.com/\${NODE_VERSION}/\${TARGETARCH} | tar -xz
COPY --chown=1000:1000 package.json package-lock.json ./
COPY --from=stage${Math.max(0, index - 1)} /app /opt/previous
COPY . .
RUN <<EOF
set -e
make -j"$(nproc)" VERSION=\${VERSION${index}}
make install
EOF
USER 1000:1000
EXPOSE 80${index % 10}0 443/tcp
HEALTHCHECK --interval=30s --timeout=3s CMD curl -f http://localhost/ || exit 1
ENTRYPOINT ["node", "server.js"]
CMD ["--port", "8080"]
`;
  let text = '# syntax=docker/dockerfile:1\n';
  for (let index = 0; text.split('\n').length < lines; index++) {
    text += stage(index);
  }
  return `${text
    .split('\n')
    .slice(0, lines - 2)
    .join('\n')}\nCMD ["true"]\n`;
}
