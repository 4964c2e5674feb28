/** What can be asked of the server. Every request waits for its start. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import {
  ExecuteCommandRequest,
  LSPErrorCodes,
  ResponseError,
  WorkDoneProgress,
  type LanguageClient,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageclient/node';
import { serverCommands, type ClearParams, type ImageChoice, type MeasureParams } from '../../server/src/protocol.ts';

/** A reading shorter than this ends before anybody could read a notification about it. */
const quietMilliseconds = 400;

/** Measures an image for a Dockerfile. A longer reading shows a notification that can cancel it; throws `CancellationError` then. */
export async function requestMeasure(client: LanguageClient, params: Required<MeasureParams>): Promise<void> {
  const workDoneToken = randomUUID();
  const cancellation = new vscode.CancellationTokenSource();
  let report: ((value: ProgressValue) => void) | undefined;
  await client.start();
  const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => report?.(value));
  const request = execute<unknown>(client, serverCommands.measure, [params], {
    workDoneToken,
    token: cancellation.token,
  });
  try {
    if (await isPending(request)) {
      await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          cancellable: true,
          title: vscode.l10n.t('Measuring {0}', params.source),
        },
        async (progress, token) => {
          token.onCancellationRequested(() => cancellation.cancel());
          report = steps(progress);
          await request;
        },
      );
    }
    await request;
  } finally {
    listener.dispose();
    cancellation.dispose();
  }
}

export async function requestClear(client: LanguageClient, params: ClearParams): Promise<void> {
  await execute<unknown>(client, serverCommands.clear, [params]);
}

export async function requestImages(
  client: LanguageClient,
  token: vscode.CancellationToken,
): Promise<readonly ImageChoice[]> {
  return await execute<readonly ImageChoice[]>(client, serverCommands.listImages, [], { token });
}

/** Nothing to tell a server that does not run: it learns of trust when it starts. */
export async function requestTrust(client: LanguageClient): Promise<void> {
  if (client.isRunning()) {
    await execute<unknown>(client, serverCommands.trust, []);
  }
}

interface ExecuteOptions {
  readonly workDoneToken?: string;
  readonly token?: vscode.CancellationToken;
}

async function execute<Answer>(
  client: LanguageClient,
  command: string,
  args: readonly unknown[],
  { workDoneToken, token }: ExecuteOptions = {},
): Promise<Answer> {
  await client.start();
  const params = { command, arguments: [...args], ...(workDoneToken && { workDoneToken }) };
  try {
    const answer: Answer = await client.sendRequest(ExecuteCommandRequest.type, params, token);
    return answer;
  } catch (error) {
    throw wasCancelled(error) ? new vscode.CancellationError() : error;
  }
}

function wasCancelled(error: unknown): boolean {
  const codes: readonly number[] = [LSPErrorCodes.RequestCancelled, LSPErrorCodes.ServerCancelled];
  return error instanceof ResponseError && codes.includes(error.code);
}

/** A failure is told by whoever awaits the request itself. */
async function isPending(request: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const waited = new Promise((resolve) => setTimeout(resolve, quietMilliseconds, pending));
  return (await Promise.race([request.catch(() => undefined), waited])) === pending;
}

type ProgressValue = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** LSP tells how much is done, VS Code wants how much more is done. */
function steps(progress: vscode.Progress<{ message?: string; increment?: number }>): (value: ProgressValue) => void {
  let reached = 0;
  return (value) => {
    const percentage = value.kind === 'end' ? reached : Math.max(reached, value.percentage ?? 0);
    progress.report({
      ...(value.message !== undefined && { message: value.message }),
      increment: percentage - reached,
    });
    reached = percentage;
  };
}
