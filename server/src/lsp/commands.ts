/** What clients ask the server to do (`workspace/executeCommand`); arguments are read here, since any client may send anything. */
import {
  LSPErrorCodes,
  MessageType,
  ResponseError,
  ShowMessageRequest,
  WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import type { Connection, ExecuteCommandParams } from 'vscode-languageserver/node';
import { clientCommands, serverCommands } from '../protocol.ts';
import type { ImageChoice } from '../protocol.ts';
import type { ListedImage } from '../sources/engine.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import type { ServerOptions } from './options.ts';
import { failureText } from './outcome.ts';
import type { Failure } from './outcome.ts';
import { backgroundProgress, requestedProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { isRecord } from './setting-values.ts';

export interface Commands {
  /** Throws ResponseError with a sentence for people. */
  execute(params: ExecuteCommandParams, reporter: WorkDoneProgressReporter, signal: AbortSignal): Promise<unknown>;
}

export interface CommandSetup {
  readonly connection: Connection;
  readonly evidence: EvidenceKeeper;
  readonly options: ServerOptions;
  /** A relative path in a source is meant from the document's folder. */
  readonly resolveSource: (uri: string, source: string) => string;
  readonly describe: (image: ListedImage) => string;
}

export function createCommands(setup: CommandSetup): Commands {
  const { connection, evidence, options, resolveSource, describe } = setup;

  async function images(signal: AbortSignal): Promise<readonly ImageChoice[]> {
    const listed = await evidence.images(signal);
    switch (listed.kind) {
      case 'value':
        return listed.value.map((image) => ({ ...image, description: describe(image) }));
      case 'cancelled':
        throw cancelled();
      case 'failed':
        throw failed(listed.failure, options);
    }
  }

  /** For clients without a picker of their own. */
  async function choose(signal: AbortSignal): Promise<string | undefined> {
    const choices = (await images(signal)).slice(0, mostActions);
    if (choices.length === 0) {
      throw failed({ message: 'The engine has no image.', hint: 'Build the Dockerfile, then measure again.' }, options);
    }
    const titles = choices.map(
      ({ source, description }) => `${source.replace(/^docker-daemon:/, '')} (${description})`,
    );
    const chosen = await connection.sendRequest(ShowMessageRequest.type, {
      type: MessageType.Info,
      message: 'Which image was built from this Dockerfile?',
      actions: titles.map((title) => ({ title })),
    });
    return choices[titles.indexOf(chosen?.title ?? '')]?.source;
  }

  async function measure(
    argument: unknown,
    progress: (title: string) => Progress,
    signal: AbortSignal,
  ): Promise<boolean> {
    const uri = uriOf(argument, serverCommands.measure);
    const named = isRecord(argument) && typeof argument['source'] === 'string' ? argument['source'].trim() : '';
    const source = named === '' ? await choose(signal) : named;
    if (source === undefined) {
      return false;
    }
    const resolved = resolveSource(uri, source);
    const outcome = await evidence.measure(uri, resolved, progress(`Measuring ${resolved}`), signal);
    switch (outcome.kind) {
      case 'done':
        return true;
      case 'cancelled':
        throw cancelled();
      case 'failed':
        throw failed(outcome.failure, options);
    }
  }

  /** On the token of the request, where it brought one. */
  function progressOf(reporter: WorkDoneProgressReporter, title: string): Progress {
    return WorkDoneProgressReporter.isNullInstance(reporter)
      ? backgroundProgress(connection, title, 0)
      : requestedProgress(reporter, title);
  }

  return {
    async execute({ command, arguments: given }, reporter, signal) {
      const argument: unknown = given?.[0];
      switch (command) {
        case serverCommands.measure:
          return await measure(argument, (title) => progressOf(reporter, title), signal);
        case serverCommands.clear:
          evidence.clear(uriOf(argument, serverCommands.clear));
          return null;
        case serverCommands.listImages:
          return await images(signal);
        case serverCommands.trust:
          evidence.trust();
          return null;
        default:
          throw new ResponseError(LSPErrorCodes.RequestFailed, `There is no command \`${command}\`.`);
      }
    },
  };
}

/** More buttons than this fit in no editor's message. */
const mostActions = 12;

function uriOf(argument: unknown, command: string): string {
  if (isRecord(argument) && typeof argument['uri'] === 'string') {
    return argument['uri'];
  }
  throw new ResponseError(LSPErrorCodes.RequestFailed, `\`${command}\` needs an argument \`{ "uri": … }\`.`);
}

/** Our own client puts the two sentences together itself; others show the message and nothing else. */
function failed(failure: Failure, { clientCommands: offered }: ServerOptions): ResponseError<Failure> {
  const message = offered.has(clientCommands.measureImage) ? failure.message : failureText(failure);
  return new ResponseError(LSPErrorCodes.RequestFailed, message, failure);
}

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}
