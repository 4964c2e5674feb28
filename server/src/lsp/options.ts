/** `initializationOptions`, read once at the door: any client may send anything. */
import { isRecord } from './setting-values.ts';

export interface ServerOptions {
  readonly clientCommands: ReadonlySet<string>;
  readonly trusted: boolean;
  readonly cacheFolder: string | undefined;
  readonly settings: unknown;
}

export function readOptions(sent: unknown): ServerOptions {
  const options = isRecord(sent) ? sent : {};
  const commands: readonly unknown[] = Array.isArray(options['clientCommands']) ? options['clientCommands'] : [];
  return {
    clientCommands: new Set(commands.filter((command) => typeof command === 'string')),
    trusted: options['trusted'] !== false,
    cacheFolder:
      typeof options['cacheFolder'] === 'string' && options['cacheFolder'] !== '' ? options['cacheFolder'] : undefined,
    settings: options['settings'],
  };
}
