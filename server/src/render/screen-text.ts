/** Text as a terminal shows it: how many columns it takes, and nothing in it that the terminal would obey. */

const plainAscii = /^[\u0020-\u007e]*$/;
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that `text` takes: two for East Asian wide characters and emoji, none for combining marks. */
export function columns(text: string): number {
  if (plainAscii.test(text)) {
    return text.length;
  }
  let total = 0;
  for (const { segment } of graphemes.segment(text)) {
    total += columnsOf(segment);
  }
  return total;
}

/** Cut to `width` columns, the last of them an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (columns(text) <= width) {
    return text;
  }
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > width - 1) {
      break;
    }
    kept += segment;
  }
  return width > 0 ? `${kept}…` : '';
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/**
 * One line of a file, safe to print: tabs become blanks up to the next eighth column, control characters a visible sign.
 * Signs that reorder the text around them are shown too: what is read must be what is built.
 */
export function visible(line: string): string {
  if (plainAscii.test(line)) {
    return line;
  }
  let shown = '';
  for (const part of line.replace(/^\ufeff/, '').split(/(\t)/)) {
    shown += part === '\t' ? ' '.repeat(8 - (columns(shown) % 8)) : harmless(part);
  }
  return shown;
}

/** Every character that would move a cursor or turn the text around it becomes a sign. */
export function harmless(text: string): string {
  return text.replace(unsafe, sign);
}

const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function sign(character: string): string {
  const point = character.charCodeAt(0);
  if (point < 0x20) {
    return String.fromCharCode(0x2400 + point);
  }
  return point === 0x7f ? '\u2421' : '\ufffd';
}

function columnsOf(grapheme: string): number {
  if (invisible.test(grapheme)) {
    return 0;
  }
  return wide.test(grapheme) ? 2 : 1;
}
