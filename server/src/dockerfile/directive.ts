/** Parser directives: `# escape=`, `# syntax=` and `# check=` at the top of the file. */
import type { Span } from '../text/span.ts';
import { skipSpaces } from './characters.ts';
import type { Directive, Problem } from './dockerfile.ts';

export type DirectiveResult =
  | { readonly kind: 'directive'; readonly directive: Directive }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Anything else: from here on, no comment is a directive. */
  | { readonly kind: 'none' };

const KNOWN = ['syntax', 'escape', 'check'];
const FORM = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\t\n\f\r ](?:.*[^\t\n\f\r ])?)[\t\n\f\r ]*$/s;

/** `span`: one line, without blanks before it. */
export function readDirective(text: string, span: Span, before: readonly Directive[]): DirectiveResult {
  if (text[span.start] !== '#') {
    return { kind: 'none' };
  }
  const match = FORM.exec(text.slice(skipSpaces(text, span.start + 1, span.end), span.end));
  const name = (match?.[1] ?? '').toLowerCase();
  const value = match?.[2] ?? '';
  if (match === null || !KNOWN.includes(name)) {
    return { kind: 'none' };
  }
  if (before.some((directive) => directive.name === name)) {
    return refused(span, `A second “# ${name}=”: BuildKit takes only one. Remove this line or the one above.`);
  }
  if (name === 'escape' && value !== '\\' && value !== '`') {
    return refused(span, `The escape character can only be \\ or \`, not “${value}”.`);
  }
  return { kind: 'directive', directive: { name, value, span } };
}

function refused(span: Span, message: string): DirectiveResult {
  return { kind: 'refused', problem: { kind: 'parse', severity: 'error', span, message } };
}
