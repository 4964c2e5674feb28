/** `$name` and `${name…}` with all of their operators, as BuildKit's lexer takes them. */
import { replaceAll, replaceFirst, trimPrefix, trimSuffix } from './glob.ts';
import type { GlobResult } from './glob.ts';
import { characterAt, readName, refuse } from './lex-state.ts';
import type { LexState } from './lex-state.ts';

/** Reads a word up to and including `stop`; the lexer's own reader, which knows quotes and escapes. */
export type ReadUntil = (state: LexState, stop: string, keepEscapes: boolean) => string;

/** Deeper than anyone nests; keeps the stack within bounds whatever is typed. */
const MOST_LEVELS = 500;

export function readDollar(state: LexState, readUntil: ReadUntil): string {
  state.at++;
  if (state.source[state.at] !== '{') {
    const name = readName(state);
    return name === '' ? '$' : plainValue(state, name, `$${name}`);
  }
  state.at++;
  const first = state.source[state.at];
  if (first === undefined) {
    return refuse(state, 'a closing } is missing');
  }
  if (first === '{' || first === '}' || first === ':') {
    return refuse(state, `a variable's name must follow \${, not “${first}”`);
  }
  const name = readName(state);
  const operator = characterAt(state.source, state.at);
  state.at += operator.length;
  switch (operator) {
    case '}':
      return plainValue(state, name, `\${${name}}`);
    case ':':
      return readColonOperator(state, readUntil, name);
    case '+':
    case '-':
    case '?':
    case '#':
    case '%':
      return readOperator(state, readUntil, name, operator, false);
    case '/':
      return readReplacement(state, readUntil, name);
    case '':
      return refuse(state, 'a closing } is missing');
    default:
      return refuse(
        state,
        /\s/.test(operator) ? 'a closing } is missing' : `“${operator}” cannot follow a variable's name in \${…}`,
      );
  }
}

function plainValue(state: LexState, name: string, written: string): string {
  const value = valueOf(state, name);
  return value ?? (state.options.keepUnset ? written : '');
}

/** Only where its outcome takes part in the text, an unknown variable makes it unknown. */
function valueOf(state: LexState, name: string): string | undefined {
  if (!state.variables.isKnown(name)) {
    state.unknown.add(name);
  }
  return state.variables.get(name);
}

function readColonOperator(state: LexState, readUntil: ReadUntil, name: string): string {
  const operator = characterAt(state.source, state.at);
  state.at += operator.length;
  if (operator === '#' || operator === '%') {
    return refuse(state, `“:${operator}” is no operator; write “${operator}”`);
  }
  return readOperator(state, readUntil, name, operator, true);
}

/** An operator BuildKit has not is refused only after its word was read, and only if the variable counts. */
function readOperator(
  state: LexState,
  readUntil: ReadUntil,
  name: string,
  operator: string,
  emptyIsUnset: boolean,
): string {
  const isTrim = operator === '#' || operator === '%';
  const word = readNested(state, readUntil, '}', isTrim);
  if (state.problem !== undefined) {
    return '';
  }
  const value = state.variables.get(name);
  if (value === undefined && state.options.keepUnset) {
    return `\${${name}${emptyIsUnset ? ':' : ''}${operator}${word.text}}`;
  }
  const known = state.variables.isKnown(name);
  if (!known) {
    state.unknown.add(name);
  }
  const counts = value !== undefined && !(emptyIsUnset && value === '');
  switch (operator) {
    case '-':
      return counts ? value : use(state, word);
    case '+':
      return counts ? use(state, word) : '';
    case '?': {
      if (counts || !known) {
        return value ?? '';
      }
      const complaint = value === undefined ? 'is not allowed to be unset' : 'is not allowed to be empty';
      return refuse(state, `${name}: ${use(state, word) || complaint}`);
    }
    case '#':
    case '%':
      return trim(state, name, operator, word, value ?? '');
    default:
      return refuse(state, `“${emptyIsUnset ? ':' : ''}${operator}” is no operator of \${…}`);
  }
}

interface Nested {
  readonly text: string;
  readonly unknown: ReadonlySet<string>;
}

/** A word inside `${…}`; what is unknown in it is not yet unknown in the whole. */
function readNested(state: LexState, readUntil: ReadUntil, stop: string, keepEscapes: boolean): Nested {
  const outer = state.unknown;
  state.unknown = new Set();
  state.level++;
  const text =
    state.level > MOST_LEVELS
      ? refuse(state, `\${…} is nested more than ${MOST_LEVELS} levels deep`)
      : readUntil(state, stop, keepEscapes);
  state.level--;
  const { unknown } = state;
  state.unknown = outer;
  return { text, unknown };
}

function use(state: LexState, nested: Nested): string {
  for (const name of nested.unknown) {
    state.unknown.add(name);
  }
  return nested.text;
}

function trim(state: LexState, name: string, operator: '#' | '%', word: Nested, value: string): string {
  const text = use(state, word);
  const greedy = text.startsWith(operator);
  const pattern = greedy ? text.slice(1) : text;
  const cut = operator === '%' ? trimSuffix : trimPrefix;
  return settle(state, word, name, () => cut(pattern, value, greedy));
}

function readReplacement(state: LexState, readUntil: ReadUntil, name: string): string {
  const all = state.source[state.at] === '/';
  state.at += all ? 1 : 0;
  const pattern = readNested(state, readUntil, '/', true);
  if (state.problem !== undefined) {
    return '';
  }
  const replacement = readNested(state, readUntil, '}', true);
  if (state.problem !== undefined) {
    return '';
  }
  const value = state.variables.get(name);
  if (value === undefined && state.options.keepUnset) {
    return `\${${name}/${pattern.text}/${replacement.text}}`;
  }
  valueOf(state, name);
  const text = use(state, replacement);
  const replace = all ? replaceAll : replaceFirst;
  return settle(state, pattern, name, () => replace(use(state, pattern), text, value ?? ''));
}

/** A pattern that is not known, or too long to be tried, leaves the outcome unknown. */
function settle(state: LexState, pattern: Nested, name: string, match: () => GlobResult): string {
  use(state, pattern);
  const result = pattern.unknown.size > 0 ? undefined : match();
  if (result === undefined) {
    state.unknown.add(name);
    return '';
  }
  return 'problem' in result ? refuse(state, result.problem) : result.text;
}
