/** Tells the user about a failure of something they asked for: once, with what to do about it. */
import * as vscode from 'vscode';

export interface FailureOptions {
  readonly output: vscode.LogOutputChannel;
  /** Offered as a button when doing the same again can help. */
  readonly again?: () => Promise<void>;
}

export async function reportFailure(error: unknown, { output, again }: FailureOptions): Promise<void> {
  if (error instanceof vscode.CancellationError) {
    return;
  }
  const { message, hint } = readFailure(error);
  output.error(error instanceof Error ? error : message);
  const tryAgain = vscode.l10n.t('Try Again');
  const showOutput = vscode.l10n.t('Show Output');
  const buttons = again ? [tryAgain, showOutput] : [showOutput];
  const chosen = await vscode.window.showErrorMessage([message, hint].filter(Boolean).join(' '), ...buttons);
  if (chosen === showOutput) {
    output.show();
  } else if (chosen === tryAgain && again) {
    await again();
  }
}

/** One sentence on what is wrong and, where the server knows it, one on what to do. */
export function readFailure(error: unknown): { readonly message: string; readonly hint: string | undefined } {
  const message = error instanceof Error ? error.message : String(error);
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  const hint = typeof data === 'object' && data !== null && 'hint' in data ? data.hint : undefined;
  return { message: plain(message), hint: typeof hint === 'string' ? plain(hint) : undefined };
}

/** Notifications and picks show text as it is: marks around names are for Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
