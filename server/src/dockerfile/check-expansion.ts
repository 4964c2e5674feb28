/** Words whose quotes or `${…}` BuildKit cannot read, whatever the variables hold: it says so only while it builds. */
import type { Instruction, Problem, Word } from './dockerfile.ts';
import { flagOf } from './dockerfile.ts';
import { expandHeredoc, expandWord } from './expand.ts';
import type { Variables } from './expand.ts';

export interface ExpansionContext {
  readonly escape: string;
  readonly report: (problem: Problem) => void;
}

/** With nothing known, only what is wrong in every case is found. */
const ANYTHING: Variables = { get: () => undefined, isKnown: () => false };

export function checkExpansion(instruction: Instruction, { escape, report }: ExpansionContext): void {
  for (const { text, span } of expandedWords(instruction)) {
    const { problem } = expandWord(text, ANYTHING, escape);
    if (problem !== undefined) {
      const message = `This cannot be expanded: ${problem}. A ${escape} before a character takes its meaning away.`;
      report({ kind: 'build', severity: 'error', span, message });
    }
  }
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    for (const file of instruction.files) {
      const problem = file.expand ? expandHeredoc(file.content, ANYTHING).problem : undefined;
      if (problem !== undefined) {
        const message = `The body of the heredoc ${file.name} cannot be expanded: ${problem}. Put the delimiter in quotes to take the body as it stands.`;
        report({ kind: 'build', severity: 'error', span: file.body, message });
      }
    }
  }
}

function expandedWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case 'FROM':
      return [
        ...(instruction.image === undefined ? [] : [instruction.image]),
        ...flagValues(instruction, ['platform']),
      ];
    case 'COPY':
    case 'ADD':
      return [
        ...flagValues(instruction, ['from', 'chown', 'chmod', 'checksum']),
        ...instruction.sources,
        ...(instruction.destination === undefined ? [] : [instruction.destination]),
      ];
    case 'ARG':
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap(({ name, value }) => (value === undefined ? [name] : [name, value]));
    case 'EXPOSE':
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return instruction.args;
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
    case 'MAINTAINER':
    case 'ONBUILD':
    case 'RUN':
    case 'SHELL':
    case 'UNKNOWN':
      return [];
  }
}

function flagValues(instruction: Instruction, names: readonly string[]): readonly Word[] {
  return names.flatMap((name) => {
    const flag = flagOf(instruction, name);
    return flag?.value === undefined ? [] : [{ text: flag.value, span: flag.span }];
  });
}
