/** What BuildKit's instruction reader refuses, one instruction at a time, and what it accepts but takes otherwise than meant. */
import type { Span } from '../text/span.ts';
import { skipSpaces } from './characters.ts';
import { checkExpansion } from './check-expansion.ts';
import { checkFlags } from './check-flags.ts';
import type { Refuse } from './check-flags.ts';
import type { Add, Copy, From, Instruction, Onbuild, Problem, Simple, Unknown, Word } from './dockerfile.ts';
import { readHeredocWord } from './heredoc.ts';
import { KEYWORDS, keywordOf, lowerCase, nearest } from './keywords.ts';

export interface CheckContext {
  /** What stands behind keyword and flags. */
  readonly rest: Span;
  readonly restText: string;
  /** Behind an ONBUILD, where BuildKit complains only in the build that runs the trigger. */
  readonly isTrigger: boolean;
  readonly escape: string;
  readonly report: (problem: Problem) => void;
}

export function checkInstruction(instruction: Instruction, context: CheckContext): void {
  const { isTrigger, report } = context;
  const refuse: Refuse = (span, message) =>
    report(
      isTrigger
        ? {
            kind: 'build',
            severity: 'warning',
            span,
            message: `${message} Builds FROM this image will fail at this trigger.`,
          }
        : { kind: 'parse', severity: 'error', span, message },
    );
  checkArguments(instruction, context, refuse);
  checkFlags(instruction, refuse);
  checkJsonLookalike(instruction, context);
  if (!isTrigger) {
    checkExpansion(instruction, context);
  }
}

function checkArguments(instruction: Instruction, context: CheckContext, refuse: Refuse): void {
  switch (instruction.keyword) {
    case 'FROM':
      return checkFrom(instruction, context, refuse);
    case 'COPY':
    case 'ADD':
      return checkCopy(instruction, refuse);
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return checkPairs(instruction, refuse);
    case 'ONBUILD':
      return context.isTrigger ? undefined : checkOnbuild(instruction, refuse);
    case 'UNKNOWN':
      return checkUnknown(instruction, context, refuse);
    case 'RUN':
      return;
    default:
      return checkSimple(instruction, context, refuse);
  }
}

function checkFrom(from: From, { rest, restText }: CheckContext, refuse: Refuse): void {
  const { args, name } = from;
  if (name !== undefined && !/^[a-z][a-z0-9\-_.]*$/.test(lowerCase(name.text))) {
    return refuse(
      name.span,
      `“${name.text}” cannot name a stage. Begin with a letter; then letters, digits, “-”, “_” and “.” may follow.`,
    );
  }
  if (args.length === 1 || name !== undefined) {
    return;
  }
  const comment = args.findIndex((word) => word.text.startsWith('#'));
  if (args.length === 0) {
    refuse(from.keywordSpan, 'FROM needs an image: FROM image, or FROM image AS name.');
  } else if (/\r(?!\n)/.test(restText)) {
    refuse(
      rest,
      'BuildKit ends lines only at line feeds, and here carriage returns stand alone. Save the file with LF or CRLF line ends.',
    );
  } else if (comment > 0) {
    refuse(
      { start: args[comment]!.span.start, end: rest.end },
      'A comment cannot stand behind an instruction. Put it on a line of its own.',
    );
  } else if (args.length === 2 && /^as$/i.test(args[1]!.text)) {
    refuse(args[1]!.span, 'A stage name must follow AS. Add one, or remove AS.');
  } else {
    refuse({ start: args[1]!.span.start, end: rest.end }, 'Only “AS name” may follow the image of FROM.');
  }
}

function checkCopy(instruction: Copy | Add, refuse: Refuse): void {
  const { keyword, args, destination } = instruction;
  if (args.length === 0) {
    return refuse(
      instruction.keywordSpan,
      `${keyword} needs a source and a destination: ${keyword} source destination.`,
    );
  }
  if (destination === undefined) {
    return refuse(
      args[0]!.span,
      `${keyword} needs a destination behind its source: ${keyword} ${cut(args[0]!.text)} destination.`,
    );
  }
  if (readHeredocWord(destination.text) !== undefined) {
    refuse(
      destination.span,
      `A heredoc cannot be the destination of ${keyword}. Add the path it is written to: ${keyword} ${cut(destination.text)} /path.`,
    );
  }
}

function checkPairs(instruction: Extract<Instruction, { pairs: unknown }>, refuse: Refuse): void {
  const { keyword, pairs } = instruction;
  if (pairs.length === 0) {
    refuse(
      instruction.keywordSpan,
      `${keyword} needs ${keyword === 'ARG' ? 'a name: ARG name, or ARG name=value.' : `a name and a value: ${keyword} name=value.`}`,
    );
  }
  for (const { name, value } of pairs) {
    if (name.text === '') {
      refuse(value?.span ?? name.span, `A name is missing before “=”. Write ${keyword} name=value.`);
    }
  }
}

function checkOnbuild(onbuild: Onbuild, refuse: Refuse): void {
  const [first] = onbuild.args;
  if (first === undefined) {
    return refuse(onbuild.keywordSpan, 'ONBUILD needs an instruction behind it, such as ONBUILD RUN make.');
  }
  switch (first.text.toUpperCase()) {
    case 'ONBUILD':
      return refuse(first.span, 'An ONBUILD cannot stand behind ONBUILD. Remove one of the two.');
    case 'FROM':
    case 'MAINTAINER':
      return refuse(
        first.span,
        `${first.text.toUpperCase()} cannot be a trigger of ONBUILD. Any other instruction can.`,
      );
  }
}

function checkUnknown(unknown: Unknown, { restText }: CheckContext, refuse: Refuse): void {
  const { word, keywordSpan } = unknown;
  if (word === '') {
    return refuse(keywordSpan, 'Nothing follows this line continuation. Remove it.');
  }
  const meant = /^[A-Za-z]{2,13}$/.test(word) ? nearest(lowerCase(word).toUpperCase(), KEYWORDS) : undefined;
  if (meant !== undefined) {
    return refuse(keywordSpan, `There is no instruction ${word}. ${meant} is close to it.`);
  }
  if (/^(&&|\|\||[|&;<>)}-])/.test(word)) {
    return refuse(
      keywordSpan,
      `A line cannot begin with “${cut(word)}”. If it goes on with the line above, that line must end in the escape character.`,
    );
  }
  const glued = keywordOf(/^[A-Za-z]+/.exec(word)?.[0] ?? '');
  if (glued !== undefined && restText === '') {
    return refuse(keywordSpan, `A blank is missing behind ${glued}.`);
  }
  refuse(
    keywordSpan,
    `There is no instruction “${cut(word)}”. Every line begins with an instruction such as RUN or COPY, or belongs to the one above.`,
  );
}

function checkSimple(instruction: Simple, context: CheckContext, refuse: Refuse): void {
  const { keyword, args, keywordSpan } = instruction;
  switch (keyword) {
    case 'CMD':
    case 'ENTRYPOINT':
      return;
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
      return args.length === 0 ? refuse(keywordSpan, `${keyword} needs ${NEEDS[keyword]}.`) : undefined;
    case 'EXPOSE':
      return args.length === 0 ? refuse(keywordSpan, 'EXPOSE needs a port: EXPOSE 80, or EXPOSE 53/udp.') : undefined;
    case 'VOLUME':
      return checkVolume(instruction, refuse);
    case 'SHELL':
      return checkShell(instruction, context, refuse);
    case 'HEALTHCHECK':
      return checkHealthcheck(instruction, refuse);
  }
}

const NEEDS = {
  WORKDIR: 'a directory: WORKDIR /app',
  USER: 'a user: USER name, or USER name:group',
  STOPSIGNAL: 'a signal: STOPSIGNAL SIGTERM',
  MAINTAINER: 'a name; better use LABEL org.opencontainers.image.authors=name',
};

function checkVolume(volume: Simple, refuse: Refuse): void {
  if (volume.args.length === 0) {
    refuse(volume.keywordSpan, 'VOLUME needs a path: VOLUME /data.');
  }
  for (const word of volume.args) {
    if (isEmpty(word)) {
      refuse(word.span, 'A volume cannot be an empty string. Give the path, or remove it.');
    }
  }
}

function isEmpty({ text }: Word): boolean {
  return skipSpaces(text, 0, text.length) === text.length;
}

function checkShell(shell: Simple, { rest }: CheckContext, refuse: Refuse): void {
  if (shell.args.length === 0) {
    refuse(shell.keywordSpan, 'SHELL needs a shell in JSON form: SHELL ["/bin/bash", "-c"].');
  } else if (!shell.json) {
    refuse(rest, 'SHELL takes only the JSON form, with double quotes: SHELL ["/bin/bash", "-c"].');
  }
}

function checkHealthcheck(healthcheck: Simple, refuse: Refuse): void {
  const [type, ...command] = healthcheck.args;
  if (type === undefined) {
    return refuse(healthcheck.keywordSpan, 'HEALTHCHECK needs NONE, or CMD and a command.');
  }
  switch (type.text.toUpperCase()) {
    case 'NONE':
      return command.length > 0
        ? refuse(command[0]!.span, 'Nothing may follow HEALTHCHECK NONE. Remove the rest, or use HEALTHCHECK CMD.')
        : undefined;
    case 'CMD':
      return command.length === 0 ? refuse(type.span, 'A command is missing behind HEALTHCHECK CMD.') : undefined;
    default:
      refuse(
        type.span,
        `HEALTHCHECK is followed by NONE or CMD, not by “${cut(type.text)}”. Write HEALTHCHECK CMD ${cut(type.text)} ….`,
      );
  }
}

/** `CMD ['a', 'b']` looks like a JSON form and is a shell's text. `[ -f x ]` is a shell's own bracket and fine. */
function checkJsonLookalike(instruction: Instruction, { rest, restText, report }: CheckContext): void {
  switch (instruction.keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'COPY':
    case 'ADD':
    case 'VOLUME':
      break;
    default:
      return;
  }
  if (instruction.json || !/^\[["'].*\]$/s.test(restText)) {
    return;
  }
  const isText = instruction.keyword === 'RUN' || instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT';
  report({
    kind: 'build',
    severity: 'warning',
    span: rest,
    message: `This is no valid JSON, so BuildKit ${isText ? 'hands it to the shell as it stands' : 'splits it at blanks, brackets and quotes included'}. JSON needs double quotes, a comma between any two strings and none at the end, and \\\\ for a backslash.`,
  });
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
