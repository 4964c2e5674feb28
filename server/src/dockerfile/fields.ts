/** Fields between commas, as in a line of CSV: what `--mount` and `--device` are made of. */

/** undefined where BuildKit refuses the text: it is empty, or a double quote stands in the wrong place. */
export function readFields(text: string): readonly string[] | undefined {
  const line = text.replace(/\r?\n$/, '');
  if (line === '') {
    return undefined;
  }
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = line[at] === '"' ? readQuoted(line, at) : readPlain(line, at);
    if (field === undefined) {
      return undefined;
    }
    fields.push(field.text);
    if (field.end >= line.length) {
      return fields;
    }
    at = field.end + 1;
  }
}

interface Field {
  readonly text: string;
  /** At the comma, or at the end. */
  readonly end: number;
}

function readPlain(line: string, start: number): Field | undefined {
  const comma = line.indexOf(',', start);
  const end = comma === -1 ? line.length : comma;
  const text = line.slice(start, end);
  return text.includes('"') ? undefined : { text, end };
}

/** Two quotes in a row are one. */
function readQuoted(line: string, start: number): Field | undefined {
  let text = '';
  let at = start + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote === -1) {
      return undefined;
    }
    text += line.slice(at, quote);
    at = quote + 1;
    if (line[at] !== '"') {
      break;
    }
    text += '"';
    at++;
  }
  return at === line.length || line[at] === ',' ? { text, end: at } : undefined;
}
