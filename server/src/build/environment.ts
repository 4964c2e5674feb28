/**
 * What a stage carries from one instruction to the next: variables, arguments, shell, directory, user.
 * A value that depends on a base image nobody has read is not known, and stays visibly so.
 */
import type { Instruction } from '../dockerfile/dockerfile.ts';
import { expandWord, expandWords, type Variables } from '../dockerfile/expand.ts';
import type { ImageConfig, Platform } from '../image/image.ts';
import { changeDirectory } from './paths.ts';

export interface StageState {
  /** ENV and ARG values together, as BuildKit keeps them, ordered by last assignment; undefined: set, to something unknown. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** True where the base image was not read, so that any other variable may be set. */
  readonly open: boolean;
  /** Names of the ARGs declared so far, those of parent stages included, in order. */
  readonly declaredArgs: ReadonlySet<string>;
  /** Values the ARG instructions gave, where they gave one. */
  readonly argValues: ReadonlyMap<string, string | undefined>;
  readonly shell: readonly string[] | undefined;
  readonly workingDir: string | undefined;
  readonly user: string | undefined;
  readonly platform: Platform | undefined;
  readonly escape: string;
}

/** What the command line and the text before the first FROM give to every stage. */
export interface GlobalArgs {
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly buildArgs: ReadonlyMap<string, string>;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function defaultShell(platform: Platform | undefined): readonly string[] {
  return platform?.os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
}

/** The state right after FROM of an image; `config` is undefined where the image was not read. */
export function stateOfImage(
  config: ImageConfig | undefined,
  platform: Platform | undefined,
  escape: string,
): StageState {
  const none = { declaredArgs: new Set<string>(), argValues: new Map<string, string>(), platform, escape };
  if (!config) {
    return { ...none, variables: new Map(), open: true, shell: undefined, workingDir: undefined, user: undefined };
  }
  const variables = new Map<string, string | undefined>();
  for (const entry of config.env) {
    const equals = entry.indexOf('=');
    assign(variables, equals === -1 ? entry : entry.slice(0, equals), equals === -1 ? '' : entry.slice(equals + 1));
  }
  if (!variables.has('PATH') && platform?.os !== 'windows') {
    variables.set('PATH', defaultPath);
  }
  const shell = config.shell && config.shell.length > 0 ? config.shell : defaultShell(platform);
  const workingDir = config.workingDir === '' ? '/' : config.workingDir;
  return { ...none, variables, open: false, shell, workingDir, user: config.user };
}

export const emptyConfig: ImageConfig = { env: [], workingDir: '', user: '', shell: undefined, onBuild: [] };

/** The state after one more instruction. */
export function advance(state: StageState, instruction: Instruction, globals: GlobalArgs): StageState {
  switch (instruction.keyword) {
    case 'ENV': {
      const variables = new Map(state.variables);
      // Every pair of one ENV sees the values from before it.
      for (const pair of instruction.pairs) {
        const name = expandIn(state, pair.name.text);
        if (name !== undefined) {
          assign(variables, name, expandIn(state, pair.value?.text ?? ''));
        }
      }
      return { ...state, variables };
    }
    case 'ARG':
      return instruction.pairs.reduce(
        (current, pair) => declare(current, pair.name.text, pair.value?.text, globals),
        state,
      );
    case 'SHELL':
      return { ...state, shell: instruction.args.map((word) => word.text) };
    case 'WORKDIR':
      return { ...state, workingDir: workingDirAfter(state, instruction.args[0]?.text ?? '') };
    case 'USER':
      return { ...state, user: expandIn(state, instruction.args[0]?.text ?? '') };
    default:
      return state;
  }
}

function declare(state: StageState, rawName: string, rawValue: string | undefined, globals: GlobalArgs): StageState {
  const name = expandIn(state, rawName);
  if (name === undefined) {
    return state;
  }
  const declaredArgs = new Set(state.declaredArgs).add(name);
  const given = argumentValue(state, name, rawValue, globals);
  if (!given) {
    return { ...state, declaredArgs };
  }
  const variables = new Map(state.variables);
  assign(variables, name, given.value);
  return { ...state, declaredArgs, variables, argValues: new Map(state.argValues).set(name, given.value) };
}

/** The command line wins over the default, the default over the global value, and without any the variable stays unset. */
function argumentValue(
  state: StageState,
  name: string,
  rawValue: string | undefined,
  globals: GlobalArgs,
): { readonly value: string | undefined } | undefined {
  if (globals.buildArgs.has(name)) {
    return { value: globals.buildArgs.get(name) };
  }
  if (rawValue !== undefined) {
    return { value: expandIn(state, rawValue) };
  }
  return globals.values.has(name) ? { value: globals.values.get(name) } : undefined;
}

function workingDirAfter(state: StageState, rawPath: string): string | undefined {
  const path = expandIn(state, rawPath);
  if (path === undefined) {
    return undefined;
  }
  if (path.startsWith('/')) {
    return path;
  }
  return state.workingDir === undefined ? undefined : changeDirectory(state.workingDir, path);
}

function assign(variables: Map<string, string | undefined>, name: string, value: string | undefined): void {
  variables.delete(name);
  variables.set(name, value);
}

/** Undefined where it depends on something unknown. */
export function variableIn(state: StageState, name: string): string | undefined {
  return state.variables.has(name) ? state.variables.get(name) : state.open ? undefined : '';
}

/** The word after expansion; undefined where it depends on something unknown, or BuildKit refuses it. */
export function expandIn(state: StageState, word: string): string | undefined {
  const expanded = expandWord(word, variablesOf(state), state.escape);
  return expanded.unknown.length > 0 || expanded.problem !== undefined ? undefined : expanded.text;
}

/** As expandIn, for words that expansion may split. */
export function expandListIn(state: StageState, word: string): readonly string[] | undefined {
  const expanded = expandWords(word, variablesOf(state), state.escape);
  return expanded.unknown.length > 0 || expanded.problem !== undefined ? undefined : expanded.words;
}

export function variablesOf(state: Pick<StageState, 'variables' | 'open'>): Variables {
  return {
    get: (name) => state.variables.get(name),
    isKnown: (name) => (state.variables.has(name) ? state.variables.get(name) !== undefined : !state.open),
  };
}
