/**
 * Every setting once: key, type, default, description. Plain data, imports nothing.
 * `contributes.configuration` in package.json, the table in README.md and the reader below are all made from it.
 */

export interface Setting {
  readonly type: 'boolean' | 'string' | 'number' | 'object' | 'array';
  readonly default: unknown;
  readonly description: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  /** JSON Schema of an array's items. */
  readonly items?: object;
  /** `window`: one value for the whole editor; `resource` (default): may differ by folder; `machine`: never from a workspace. */
  readonly scope?: 'window' | 'resource' | 'machine';
}

/** Keys as they follow `layerLens.`. */
export const settings = {
  'enable': {
    type: 'boolean',
    default: true,
    description: 'Show Layer Lens at all. The command **Layer Lens: Toggle** switches it.',
  },
  'codeLens': {
    type: 'string',
    enum: ['layers', 'from', 'off'],
    enumDescriptions: [
      'A lens above every instruction that makes a layer, and above each FROM.',
      'Totals and actions above each FROM only.',
      'No lenses.',
    ],
    default: 'layers',
    description: 'Where sizes are shown as CodeLens.',
  },
  'inlayHints': {
    type: 'boolean',
    default: false,
    description: 'Show sizes as inlay hints at the end of the line, instead of (or beside) the CodeLens.',
  },
  'hover': {
    type: 'boolean',
    default: true,
    description: 'Explain in a hover what an instruction does to the image and what its layer holds.',
  },
  'diagnostics': {
    type: 'boolean',
    default: true,
    description: 'Report problems and findings.',
  },
  'rules': {
    type: 'object',
    default: {},
    description: 'Level of single rules by name: `error`, `warning`, `info`, `hint` or `off`.',
  },
  'largeLayer.megabytes': {
    type: 'number',
    default: 100,
    minimum: 0,
    description: 'A layer of at least so many megabytes (1 MB = 1,000,000 bytes) is told by the rule `large-layer`.',
  },
  'autoPair': {
    type: 'boolean',
    default: true,
    description:
      'Find the last build of an opened Dockerfile in the history of `docker buildx` and show its numbers without being asked. Never in an untrusted workspace.',
  },
  'builds': {
    type: 'array',
    default: [],
    description:
      'How Dockerfiles are built: the first entry whose `dockerfile` glob matches the path in the workspace counts.',
    items: {
      type: 'object',
      required: ['dockerfile'],
      properties: {
        dockerfile: { type: 'string', description: 'Glob, such as `**/Dockerfile` or `services/api/*`.' },
        target: { type: 'string', description: 'The stage to build, as `--target`.' },
        args: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Build arguments, as `--build-arg`.',
        },
        platform: { type: 'string', description: 'Such as `linux/arm64`.' },
        image: { type: 'string', description: 'The image to measure, such as `docker-daemon:app:latest`.' },
      },
      additionalProperties: false,
    },
  },
  'docker.path': {
    type: 'string',
    default: 'docker',
    description: 'The Docker CLI, used for contexts that are no local socket and for the build history.',
    scope: 'machine',
  },
  'docker.host': {
    type: 'string',
    default: '',
    description:
      'The engine, as `DOCKER_HOST`. Empty: found as the Docker CLI does (`DOCKER_HOST`, `DOCKER_CONTEXT`, the current context).',
    scope: 'machine',
  },
  'cache.megabytes': {
    type: 'number',
    default: 200,
    minimum: 0,
    description: 'Disk space for what was read from layers, kept by diff id. 0 keeps nothing.',
    scope: 'machine',
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;
