/** The first bytes of a stream, without losing them. */

export interface Peeked {
  /** At least as many as asked for, unless the stream is shorter. */
  readonly first: Uint8Array;
  /** The whole stream, first bytes included. */
  readonly whole: AsyncIterable<Uint8Array>;
  /** Closes the source, for those who do not read `whole`. */
  readonly close: () => Promise<void>;
}

export async function peek(source: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await iterator.next();
    if (next.done === true) {
      break;
    }
    parts.push(next.value);
    length += next.value.length;
  }
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };
  return {
    first: parts.length === 1 ? parts[0]! : Buffer.concat(parts),
    whole: { [Symbol.asyncIterator]: () => replay(parts, iterator, close) },
    close,
  };
}

/** Written by hand: a generator that was never started would not close its source. */
function replay(
  parts: Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  close: () => Promise<void>,
): AsyncIterator<Uint8Array> {
  return {
    next: () => {
      const value = parts.shift();
      return value === undefined ? iterator.next() : Promise.resolve({ done: false, value });
    },
    return: async () => {
      await close();
      return { done: true, value: undefined };
    },
  };
}
