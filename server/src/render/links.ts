/** Where the documentation of a rule is to be read. */

export function ruleLink(rule: string): string {
  return `https://github.com/layer-lens/layer-lens/blob/main/docs/rules.md#${rule}`;
}

export const issuesLink = 'https://github.com/layer-lens/layer-lens/issues';
