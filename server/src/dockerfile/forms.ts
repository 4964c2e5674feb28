/** The arguments of an instruction, in each of the forms that instructions have. */
import type { Span } from '../text/span.ts';
import type { Heredoc, Pair, Word } from './dockerfile.ts';
import { readHeredocWord } from './heredoc.ts';
import { readJson } from './json-form.ts';
import type { Keyword } from './keywords.ts';
import type { Piece } from './logical-line.ts';
import { pair, pieceSpan, shortened, wholeText, word, words } from './source.ts';
import type { Source } from './source.ts';
import { readBlankSeparated, readNameValues } from './words.ts';

export interface Form {
  readonly json: boolean;
  readonly args: readonly Word[];
}

export function formOf(
  source: Source,
  keyword: Exclude<Keyword, 'FROM' | 'COPY' | 'ADD' | 'ARG' | 'ENV' | 'LABEL' | 'ONBUILD'>,
  rest: Piece,
): Form {
  switch (keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return commandForm(source, rest);
    case 'VOLUME':
      return listForm(source, rest);
    case 'HEALTHCHECK':
      return healthcheckForm(source, rest);
    case 'EXPOSE':
      return { json: false, args: words(source, rest, readBlankSeparated(rest.text)) };
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'WORKDIR':
      return { json: false, args: wholeText(source, rest) };
  }
}

/** RUN, CMD, ENTRYPOINT, SHELL: JSON, or the whole text as it stands. */
function commandForm(source: Source, rest: Piece): Form {
  return jsonForm(source, rest) ?? { json: false, args: wholeText(source, rest) };
}

/** COPY, ADD, VOLUME: JSON, or words. */
function listForm(source: Source, rest: Piece): Form {
  return jsonForm(source, rest) ?? { json: false, args: words(source, rest, readBlankSeparated(rest.text)) };
}

function jsonForm(source: Source, rest: Piece): Form | undefined {
  const json = readJson(rest.text);
  switch (json.kind) {
    case 'strings':
      return { json: true, args: words(source, rest, json.strings) };
    case 'not-json':
      return undefined;
    case 'not-strings':
      source.report({
        kind: 'parse',
        severity: 'error',
        span: pieceSpan(source, rest),
        message: 'A JSON array here may hold only strings. Put the other values in double quotes too.',
      });
      return { json: false, args: [] };
  }
}

export function copyForm(
  source: Source,
  rest: Piece,
): Form & { sources: readonly Word[]; files: readonly Heredoc[]; destination: Word | undefined } {
  const form = listForm(source, rest);
  const sources: Word[] = [];
  const files: Heredoc[] = [];
  for (let at = 0; at < form.args.length - 1; at++) {
    const word = form.args[at]!;
    const heredoc = word.text.includes('<<') ? readHeredocWord(word.text) : undefined;
    if (heredoc === undefined) {
      sources.push(word);
    } else {
      // BuildKit looks the body up by name: of two heredocs of one name, the last; none in JSON form.
      const opened = source.scanned.heredocs.findLast(({ name }) => name === heredoc.name);
      const body = opened?.body ?? { start: word.span.end, end: word.span.end };
      files.push({ ...heredoc, content: opened?.content ?? '', body });
    }
  }
  const destination = form.args.length > 1 ? form.args.at(-1) : undefined;
  return { json: form.json, args: form.args, sources, files, destination };
}

export function nameValues(
  source: Source,
  keyword: 'ENV' | 'LABEL',
  rest: Piece,
): { args: readonly Word[]; pairs: readonly Pair[] } {
  const read = readNameValues(rest.text, source.escape);
  switch (read.kind) {
    case 'nothing':
      return { args: [], pairs: [] };
    case 'legacy': {
      const name = word(source, rest, read.name);
      const value = word(source, rest, read.value);
      return { args: [name, value], pairs: [{ name, value }] };
    }
    case 'name-only': {
      const name = word(source, rest, read.name);
      reportPair(
        source,
        name.span,
        `${keyword} ${shortened(name.text)} has no value. Write ${keyword} ${shortened(name.text)}=value.`,
      );
      return { args: [name], pairs: [{ name, value: undefined }] };
    }
    case 'pairs': {
      for (const token of read.withoutEquals) {
        const { span, text } = word(source, rest, token);
        reportPair(
          source,
          span,
          `“${shortened(text)}” has no “=”. Write name=value, and put values with blanks in quotes.`,
        );
      }
      return { args: words(source, rest, read.words), pairs: read.words.map((token) => pair(source, rest, token)) };
    }
  }
}

function reportPair(source: Source, span: Span, message: string): void {
  source.report({ kind: 'parse', severity: 'error', span, message });
}

/** The type ends at the first blank; the command behind CMD may be JSON. */
function healthcheckForm(source: Source, rest: Piece): Form {
  const type = /^[^\t\n\v\f\r ]*/.exec(rest.text)?.[0] ?? '';
  if (type === '') {
    return { json: false, args: [] };
  }
  const gap = /^[\t\n\v\f\r ]*/.exec(rest.text.slice(type.length))?.[0].length ?? 0;
  const start = type.length + gap;
  const command = commandForm(source, { text: rest.text.slice(start), at: rest.at + start });
  return {
    json: command.json,
    args: [word(source, rest, { text: type, start: 0, end: type.length }), ...command.args],
  };
}
