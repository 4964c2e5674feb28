import { defineRule, message } from '../rule.ts';

export const unreachableStage = defineRule({
  name: 'unreachable-stage',
  needs: 'text',
  level: 'hint',
  summary: 'A stage that the target does not need is not built.',
  why: `BuildKit builds the target, the stages below it and those it copies or mounts from. Any other stage is skipped: its
instructions do not run, its mistakes do not show, and its layers are nowhere. Where such a stage is a target of its own
(\`docker build --target test\`), set the target in \`layerLens.builds\` or ignore the rule at its FROM.`,
  examples: [
    {
      title: 'nothing needs the stage',
      before:
        'FROM alpine AS build\nRUN make\n«FROM alpine AS unused»\nRUN test\nFROM alpine\nCOPY --from=build /app /app\n',
    },
    {
      title: 'used through a mount',
      before: 'FROM alpine AS tools\nFROM alpine\nRUN --mount=from=tools,target=/tools make\n',
    },
    {
      title: 'ignored by a comment',
      before: 'FROM alpine AS app\n# layer-lens ignore=unreachable-stage\nFROM alpine AS test\nFROM app\n',
    },
  ],
  *check({ plan }) {
    if (!plan.target) {
      return;
    }
    const target = plan.target.stage.name?.text;
    const of = target === undefined ? 'the last stage' : `\`${target}\``;
    for (const { stage, built } of plan.stages) {
      if (!built) {
        yield { at: stage.from.span, message: message`A build of ${of} skips this stage.` };
      }
    }
  },
});
