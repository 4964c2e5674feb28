/** What the readers of one instruction read from, and how they turn what they read into words of the document. */
import type { Span } from '../text/span.ts';
import type { Pair, Problem, Word } from './dockerfile.ts';
import { spanOf } from './logical-line.ts';
import type { Piece } from './logical-line.ts';
import type { ScannedInstruction } from './scan.ts';
import type { Token } from './token.ts';
import { splitPair } from './words.ts';

/** A part of an instruction's line, and where to say what is wrong with it. */
export interface Source {
  readonly scanned: ScannedInstruction;
  readonly piece: Piece;
  readonly escape: string;
  /** Behind an ONBUILD, where BuildKit's parser reads, but its instruction reader does not yet look. */
  readonly isTrigger: boolean;
  readonly report: (problem: Problem) => void;
}

export function wholeText(source: Source, rest: Piece): readonly Word[] {
  return rest.text === '' ? [] : [{ text: rest.text, span: pieceSpan(source, rest) }];
}

export function words(source: Source, piece: Piece, tokens: readonly Token[]): readonly Word[] {
  return tokens.map((token) => word(source, piece, token));
}

export function word(source: Source, piece: Piece, { text, start, end }: Token): Word {
  return { text, span: spanOf(source.scanned.line, piece.at + start, piece.at + end) };
}

export function pair(source: Source, piece: Piece, token: Token): Pair {
  const { name, value } = splitPair(token);
  return { name: word(source, piece, name), value: value && word(source, piece, value) };
}

export function pieceSpan(source: Source, piece: Piece): Span {
  return spanOf(source.scanned.line, piece.at, piece.at + piece.text.length);
}

export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
