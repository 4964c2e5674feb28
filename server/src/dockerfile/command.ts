/** Takes keyword and flags off the joined text of an instruction. */
import { isBlank, isSpace, skipSpaces, trimSpacesEnd, utf8Bytes } from './characters.ts';
import { token } from './token.ts';
import type { Token } from './token.ts';

export interface Command {
  readonly keyword: Token;
  readonly flags: readonly Token[];
  /** What is left, without blanks around it. */
  readonly rest: Token;
  /** Characters beyond ASCII stand in the flags: BuildKit reads those byte by byte and garbles them. */
  readonly garbled: boolean;
}

export function readCommand(line: string, escape: string): Command {
  const start = skipSpaces(line, 0, line.length);
  const end = trimSpacesEnd(line, start, line.length);
  let keywordEnd = start;
  while (keywordEnd < end && !isBlank(line.charCodeAt(keywordEnd))) {
    keywordEnd++;
  }
  const keyword = token(line, start, keywordEnd);
  let argumentsStart = keywordEnd;
  while (argumentsStart < end && isBlank(line.charCodeAt(argumentsStart))) {
    argumentsStart++;
  }
  if (!line.startsWith('--', argumentsStart)) {
    return { keyword, flags: [], rest: token(line, skipSpaces(line, argumentsStart, end), end), garbled: false };
  }
  return { keyword, ...readFlags(line, argumentsStart, end, escape) };
}

/** Leading words that begin with `--`, up to a lone `--`; quotes are taken off and escapes resolved. */
function readFlags(line: string, from: number, end: number, escape: string): Omit<Command, 'keyword'> {
  const source = bytesOf(line, from, end);
  const flags: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < source.text.length && isSpace(source.text.charCodeAt(at))) {
      at++;
    }
    if (!source.text.startsWith('--', at)) {
      break;
    }
    const flag = readFlag(source.text, at, escape);
    at = flag.end;
    if (flag.text === '--') {
      break;
    }
    flags.push({ text: flag.text, start: source.indexOf(flag.start), end: source.indexOf(flag.end) });
  }
  const garbled = flags.some((flag) => /[^\x00-\x7f]/.test(line.slice(flag.start, flag.end)));
  return { flags, rest: trimmed(source.rest(at)), garbled };
}

/** One flag; only blanks outside quotes end it. */
function readFlag(text: string, start: number, escape: string): Token {
  let flag = '';
  let quote = '';
  let at = start;
  for (; at < text.length; at++) {
    let char = text[at]!;
    if (quote === '' && isSpace(text.charCodeAt(at))) {
      break;
    }
    if (char === quote) {
      quote = '';
      continue;
    }
    if (quote === '' && (char === "'" || char === '"')) {
      quote = char;
      continue;
    }
    if (char === escape) {
      if (at + 1 === text.length) {
        quote = '';
        continue;
      }
      at++;
      char = text[at]!;
    }
    flag += char;
  }
  return { text: flag, start, end: Math.min(at, text.length) };
}

interface ByteText {
  /** One character for each byte. */
  readonly text: string;
  /** The index in the line of the character that a byte belongs to. */
  readonly indexOf: (at: number) => number;
  readonly rest: (at: number) => Token;
}

/** The text as BuildKit's flag reader sees it: every byte a character of its own, also those of one letter. */
function bytesOf(line: string, from: number, end: number): ByteText {
  const slice = line.slice(from, end);
  if (!/[^\x00-\x7f]/.test(slice)) {
    return { text: slice, indexOf: (at) => from + at, rest: (at) => token(line, from + at, end) };
  }
  const origins: number[] = [];
  let text = '';
  let index = from;
  for (const char of slice) {
    for (const byte of utf8Bytes(char.codePointAt(0)!)) {
      text += String.fromCharCode(byte);
      origins.push(index);
    }
    index += char.length;
  }
  const indexOf = (at: number): number => origins[at] ?? end;
  return {
    text,
    indexOf,
    rest(at) {
      // BuildKit takes the byte A0 or 85 in the middle of a letter for a blank; the letter's other bytes are then no text.
      let cut = at;
      while (cut < origins.length && cut > 0 && origins[cut] === origins[cut - 1]) {
        cut++;
      }
      const start = indexOf(cut);
      return { text: '\ufffd'.repeat(cut - at) + line.slice(start, end), start: start - (cut - at), end };
    },
  };
}

function trimmed({ text, start }: Token): Token {
  const first = skipSpaces(text, 0, text.length);
  const last = trimSpacesEnd(text, first, text.length);
  return { text: text.slice(first, last), start: start + first, end: start + last };
}
