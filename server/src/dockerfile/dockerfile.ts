/**
 * A Dockerfile as BuildKit reads it, as plain data. Nothing here is expanded and nothing is resolved:
 * words are what BuildKit's parser hands on, and every one of them knows where it stands in the text.
 */
import type { Span } from '../text/span.ts';
import type { LineRange } from '../text/lines.ts';

/**
 * `text`: continuations joined, quotes kept (BuildKit's lexer takes them off when it expands).
 * `span`: in the document, with the continuations between its ends; of a JSON string, with its quotes.
 */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** `--name=value`. `text` is the whole flag after BuildKit's own unquoting; `value` is undefined without a `=`. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
  readonly text: string;
  readonly span: Span;
}

export interface Heredoc {
  /** The delimiter without quotes; the file name of a COPY heredoc. */
  readonly name: string;
  readonly fileDescriptor: number;
  /** False when the delimiter is quoted: the body is taken as it stands. */
  readonly expand: boolean;
  /** `<<-`: leading tabs of each line do not count; `content` still has them. */
  readonly chomp: boolean;
  readonly content: string;
  readonly body: Span;
}

/** `name` as written, quotes kept; `value` is undefined for `ARG X` and for half-typed pairs. */
export interface Pair {
  readonly name: Word;
  readonly value: Word | undefined;
}

interface InstructionBase {
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line's text, heredoc terminators included. */
  readonly span: Span;
  /** First to last physical line, 0-based; comments, blank lines and heredocs in between included. */
  readonly lines: LineRange;
  readonly flags: readonly Flag[];
  /** True only where BuildKit takes the JSON form. */
  readonly json: boolean;
  /**
   * What BuildKit's parser hands on: the strings of a JSON form, one word for a shell form, blank-separated words else.
   * ENV and LABEL: whole `name=value` words, or the two of the old form. HEALTHCHECK: NONE or CMD, then the command's.
   * ONBUILD: the trigger's keyword, then its args. UNKNOWN: none.
   */
  readonly args: readonly Word[];
  /** All that the line opens, in order. An ONBUILD has those of its trigger, and the trigger has them too. */
  readonly heredocs: readonly Heredoc[];
}

export interface From extends InstructionBase {
  readonly keyword: 'FROM';
  readonly image: Word | undefined;
  readonly name: Word | undefined;
}
export interface Run extends InstructionBase {
  readonly keyword: 'RUN';
}
export interface Copy extends InstructionBase {
  readonly keyword: 'COPY';
  /** Without heredocs. */
  readonly sources: readonly Word[];
  /** The heredocs among its words: the files it makes, named after the delimiter. */
  readonly files: readonly Heredoc[];
  readonly destination: Word | undefined;
}
export interface Add extends InstructionBase {
  readonly keyword: 'ADD';
  /** Without heredocs. */
  readonly sources: readonly Word[];
  /** The heredocs among its words: the files it makes, named after the delimiter. */
  readonly files: readonly Heredoc[];
  readonly destination: Word | undefined;
}
export interface Arg extends InstructionBase {
  readonly keyword: 'ARG';
  readonly pairs: readonly Pair[];
}
export interface Env extends InstructionBase {
  readonly keyword: 'ENV';
  readonly pairs: readonly Pair[];
}
export interface Label extends InstructionBase {
  readonly keyword: 'LABEL';
  readonly pairs: readonly Pair[];
}
export interface Onbuild extends InstructionBase {
  readonly keyword: 'ONBUILD';
  readonly trigger: Instruction | undefined;
}
export interface Simple extends InstructionBase {
  readonly keyword:
    | 'WORKDIR'
    | 'USER'
    | 'CMD'
    | 'ENTRYPOINT'
    | 'EXPOSE'
    | 'VOLUME'
    | 'SHELL'
    | 'HEALTHCHECK'
    | 'STOPSIGNAL'
    | 'MAINTAINER';
}
/** A keyword that BuildKit does not know; `word` as written. */
export interface Unknown extends InstructionBase {
  readonly keyword: 'UNKNOWN';
  readonly word: string;
}

export type Instruction = From | Run | Copy | Add | Arg | Env | Label | Onbuild | Simple | Unknown;

export interface Stage {
  readonly index: number;
  /** As written after AS; BuildKit compares it without case. */
  readonly name: Word | undefined;
  readonly from: From;
  /** Without the FROM itself. */
  readonly instructions: readonly Instruction[];
}

/** `parse`: BuildKit's parser or instruction reader refuses the text; `build`: it reads but fails, or surprises, later. */
export interface Problem {
  readonly kind: 'parse' | 'build';
  readonly severity: 'error' | 'warning';
  readonly span: Span;
  readonly message: string;
}

export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

export interface Dockerfile {
  readonly text: string;
  /** Only those BuildKit honours. */
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  /** Every comment, in order, outside and inside continuations; heredoc bodies have none. */
  readonly comments: readonly Span[];
  /** Before the first FROM: ARG, and what does not belong there. */
  readonly globalInstructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
}

export function flagOf(instruction: Instruction, name: string): Flag | undefined {
  return instruction.flags.find((flag) => flag.name === name);
}
