/** What fixtures/app/Dockerfile looks like in its states; sizes are those of the layers in its image.tar. */
import { readFileSync } from 'node:fs';
import { file } from './steps.ts';

/** What stands at a line, by how the line begins. */
type Marks = Readonly<Record<string, string>>;

const dd = 'RUN --mount=from=busybox:local,target=/box dd';
const heredoc = 'RUN --mount=from=busybox:local,target=/box <<EOF';

export const unmeasured: Marks = {
  'FROM scratch': '4 layers · not measured yet | Measure existing image…',
  'WORKDIR /srv': 'layer · not measured yet',
  'COPY motd.txt': 'layer · not measured yet',
  [dd]: 'layer · not measured yet',
  [heredoc]: 'layer · not measured yet',
};

export const measured: Marks = {
  'FROM scratch': '12 MB in 4 layers · measured from docker-archive:image.tar | Measure another image… | Clear',
  'WORKDIR /srv': '0 B · 1 directory',
  'COPY motd.txt': '16 B · 1 file',
  [dd]: '12 MB · 6 files',
  [heredoc]: '5 B · 1 file',
};

export const stale: Marks = {
  ...measured,
  'FROM scratch':
    '12 MB in 4 layers before your edit · measured from docker-archive:image.tar | Measure another image… | Clear',
  [dd]: '12 MB before your edit',
};

const hints: Marks = {
  'FROM scratch': '12 MB',
  'WORKDIR /srv': '0 B',
  'COPY motd.txt': '16 B',
  [dd]: '12 MB',
  [heredoc]: '5 B',
};

/** Lenses above their lines, as `Screen.editor` reads them. */
export function annotated(text: string, titles: Marks): string {
  return marked(text, titles, (line, title) => [`» ${title}`, line]);
}

/** Hints at the ends of their lines. */
export function hinted(text: string): string {
  return marked(text, hints, (line, hint) => [`${line}${hint}`]);
}

export function appDockerfile(): string {
  return readFileSync(file('app/Dockerfile'), 'utf8');
}

function marked(text: string, marks: Marks, mark: (line: string, words: string) => string[]): string {
  const starts = Object.keys(marks);
  return text
    .split('\n')
    .flatMap((line) => {
      const start = starts.find((each) => line.startsWith(each));
      return start === undefined ? [line] : mark(line, marks[start]!);
    })
    .join('\n');
}
