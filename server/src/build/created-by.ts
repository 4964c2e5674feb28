/**
 * The text by which BuildKit records an instruction in an image's history.
 * It is how a layer finds its line when nobody kept the build's own record, so it is made here letter by letter.
 */
import {
  flagOf,
  type Add,
  type Copy,
  type Heredoc,
  type Instruction,
  type Pair,
  type Run,
  type Simple,
} from '../dockerfile/dockerfile.ts';
import { readDuration } from '../dockerfile/duration.ts';
import { chomp, readHeredocWord } from '../dockerfile/heredoc.ts';
import { defaultShell, expandIn, expandListIn, variableIn, type StageState } from './environment.ts';
import { formatDuration, plainList, quote, quoteList } from './go-format.ts';

/** Text with gaps: `undefined` stands for any text, where a base image or an argument is not known. */
export type Pattern = readonly (string | undefined)[];

const layerSuffix = ' # buildkit';

/**
 * How the history entry of `instruction` may read, the newest way first; empty where BuildKit writes none (FROM, ONBUILD).
 * `before` and `after` are the stage's state around the instruction.
 */
export function createdBy(instruction: Instruction, before: StageState, after: StageState): readonly Pattern[] {
  switch (instruction.keyword) {
    case 'FROM':
    case 'ONBUILD':
    case 'UNKNOWN':
      return [];
    case 'RUN':
      return [['RUN ', ...declaredArguments(before), ...runArgv(instruction, before), layerSuffix]];
    case 'COPY':
    case 'ADD':
      return [copied(instruction, before)];
    case 'ENV':
    case 'LABEL':
      return [
        [
          instruction.keyword,
          ...instruction.pairs.flatMap((pair) => [
            ' ',
            expandIn(before, pair.name.text),
            '=',
            expandIn(before, pair.value?.text ?? ''),
          ]),
        ],
      ];
    case 'ARG':
      // BuildKit 0.14 and later write the value in effect, earlier ones the default of the text.
      return [
        [
          'ARG ',
          ...separated(
            instruction.pairs.map((pair) => effectiveArgument(pair, before, after)),
            ' ',
          ),
        ],
        [
          'ARG ',
          ...separated(
            instruction.pairs.map((pair) => statedArgument(pair, before)),
            ' ',
          ),
        ],
      ];
    default:
      return simple(instruction, before, after);
  }
}

function simple(instruction: Simple, before: StageState, after: StageState): readonly Pattern[] {
  const words = instruction.args.map((word) => word.text);
  switch (instruction.keyword) {
    case 'WORKDIR':
      return [['WORKDIR ', after.workingDir]];
    case 'USER':
    case 'STOPSIGNAL':
      return [[`${instruction.keyword} `, expandIn(before, words[0] ?? '')]];
    case 'MAINTAINER':
      return [[`MAINTAINER ${words[0] ?? ''}`]];
    case 'SHELL':
      return [[`SHELL ${plainList(words)}`]];
    case 'VOLUME':
      return [
        [
          'VOLUME [',
          ...separated(
            words.map((word) => [expandIn(before, word)]),
            ' ',
          ),
          ']',
        ],
      ];
    case 'CMD':
    case 'ENTRYPOINT':
      return [[`${instruction.keyword} `, ...quotedCommand(instruction, before)]];
    case 'EXPOSE':
      return exposed(words, before);
    case 'HEALTHCHECK':
      return healthcheck(instruction, words);
  }
}

/** What a RUN hands to its shell, the usual one where the stage's is not known: the end of its history entry. */
export function runEnding(run: Run, state: StageState): string {
  const shell = state.shell ?? defaultShell(state.platform);
  return ` ${runArgv(run, { ...state, shell }).join('')}${layerSuffix}`;
}

/** `|2 A=1 B=x `: every ARG declared so far, once, in order, with the value the variable has now. */
function declaredArguments(state: StageState): Pattern {
  const names = [...state.declaredArgs];
  if (names.length === 0) {
    return [];
  }
  return [`|${names.length} `, ...names.flatMap((name) => [`${name}=`, variableIn(state, name), ' '])];
}

function runArgv(run: Run, state: StageState): Pattern {
  if (run.json) {
    return [run.args.map((word) => word.text).join(' ')];
  }
  const shell = state.shell?.join(' ');
  return [shell, ' ', shellScript(run.args[0]?.text ?? '', run.heredocs, isWindows(state))];
}

/** A RUN that is one heredoc becomes its body; any other text goes to the shell with its heredocs behind it. */
function shellScript(text: string, heredocs: readonly Heredoc[], windows: boolean): string {
  const first = heredocs[0];
  if (!first) {
    return text;
  }
  if (readHeredocWord(text)) {
    const body = first.chomp ? chomp(first.content) : first.content;
    return body.startsWith('#!') && !windows ? `/dev/pipes/${first.name}` : body;
  }
  return text + heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`).join('');
}

function isWindows(state: StageState): boolean {
  return state.platform?.os === 'windows';
}

function copied(instruction: Copy | Add, state: StageState): Pattern {
  const pieces: (string | undefined)[] = [instruction.keyword];
  if (flagOf(instruction, 'parents')) {
    pieces.push(' --parents');
  }
  for (const name of ['chown', 'chmod']) {
    const value = flagOf(instruction, name)?.value;
    if (value) {
      pieces.push(` --${name}=`, expandIn(state, value));
    }
  }
  for (const source of instruction.sources) {
    pieces.push(' ', expandIn(state, source.text));
  }
  for (const file of instruction.files) {
    pieces.push(` <<${file.name}`);
  }
  return [...pieces, ' ', expandIn(state, instruction.destination?.text ?? ''), layerSuffix];
}

function effectiveArgument({ name }: Pair, before: StageState, after: StageState): Pattern {
  const key = expandIn(before, name.text);
  if (key === undefined) {
    return [undefined];
  }
  return after.argValues.has(key) ? [`${key}=`, after.argValues.get(key)] : [key];
}

function statedArgument({ name, value }: Pair, before: StageState): Pattern {
  const key = expandIn(before, name.text);
  return value ? [key, '=', expandIn(before, value.text)] : [key];
}

function quotedCommand(instruction: Simple, state: StageState): Pattern {
  const words = instruction.args.map((word) => word.text);
  if (instruction.json) {
    return [quoteList(words)];
  }
  if (!state.shell) {
    return ['[', undefined, ` ${quote(words[0] ?? '')}]`];
  }
  return [quoteList([...state.shell, words[0] ?? ''])];
}

/** BuildKit 0.25 and later print a sorted list, earlier ones a Go map; the words are sorted before they are expanded. */
function exposed(words: readonly string[], state: StageState): readonly Pattern[] {
  const ports: string[] = [];
  for (const word of words.toSorted(byCodePoint)) {
    for (const port of expandListIn(state, word) ?? [undefined]) {
      const expanded = port === undefined ? undefined : portsOf(port);
      if (!expanded) {
        return [['EXPOSE ', undefined]];
      }
      ports.push(...expanded);
    }
  }
  const map = [...new Set(ports)].toSorted(byCodePoint).map((port) => `${port}:{}`);
  return [
    [`EXPOSE ${plainList(ports)}`],
    [`EXPOSE ${plainList(ports.toSorted(byCodePoint))}`],
    [`EXPOSE map${plainList(map)}`],
  ];
}

function portsOf(spec: string): string[] | undefined {
  const match = /^(?:.*:)?(\d+)(?:-(\d+))?(?:\/([^/]*))?$/.exec(spec);
  if (!match) {
    return undefined;
  }
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (last < first || last > 65_535) {
    return undefined;
  }
  return Array.from({ length: last - first + 1 }, (_, at) => `${first + at}/${(match[3] || 'tcp').toLowerCase()}`);
}

/** A Go struct, printed in two ways: before BuildKit 0.30 quoted and without names. */
function healthcheck(instruction: Simple, words: readonly string[]): readonly Pattern[] {
  const kind = (words[0] ?? '').toUpperCase();
  const test = kind === 'NONE' ? ['NONE'] : [instruction.json ? 'CMD' : 'CMD-SHELL', ...words.slice(1)];
  const durations = ['interval', 'timeout', 'start-period', 'start-interval'].map((name) =>
    formatDuration(readDuration(flagOf(instruction, name)?.value ?? '') ?? 0),
  );
  const retries = Number(flagOf(instruction, 'retries')?.value ?? '0');
  const rune = quote(
    String.fromCodePoint(Number.isInteger(retries) && retries >= 0 && retries < 0x110000 ? retries : 0xfffd),
  );
  const quotedRune = rune === '"\'"' ? `'\\''` : `'${rune.slice(1, -1).replace('\\"', '"')}'`;
  const [interval, timeout, period, start] = durations;
  return [
    [
      `HEALTHCHECK {Test:${plainList(test)} Interval:${interval} Timeout:${timeout} StartPeriod:${period} StartInterval:${start} Retries:${retries}}`,
    ],
    [`HEALTHCHECK &{${quoteList(test)} ${durations.map(quote).join(' ')} ${quotedRune}}`],
    // Engines before 25 had no start interval.
    [`HEALTHCHECK &{${quoteList(test)} ${durations.slice(0, 3).map(quote).join(' ')} ${quotedRune}}`],
  ];
}

function separated(patterns: readonly Pattern[], separator: string): Pattern {
  return patterns.flatMap((pattern, at) => (at === 0 ? pattern : [separator, ...pattern]));
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The text, where the pattern has no gap. */
export function exactText(pattern: Pattern): string | undefined {
  return pattern.every((piece) => piece !== undefined) ? pattern.join('') : undefined;
}

export function matchesPattern(pattern: Pattern, text: string): boolean {
  const [head = '', ...rest] = literals(pattern);
  const tail = rest.pop();
  if (tail === undefined) {
    return pattern.length > 0 && head === text;
  }
  if (!text.startsWith(head)) {
    return false;
  }
  let at = head.length;
  for (const literal of rest) {
    const found = text.indexOf(literal, at);
    if (found === -1) {
      return false;
    }
    at = found + literal.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

/** The texts before, between and behind the gaps: one more than there are gaps. */
function literals(pattern: Pattern): string[] {
  const joined = [''];
  for (const piece of pattern) {
    if (piece === undefined) {
      joined.push('');
    } else {
      joined[joined.length - 1] += piece;
    }
  }
  return joined;
}
