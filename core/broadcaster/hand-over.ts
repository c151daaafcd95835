import type { Writable } from 'node:stream';

/**
 * Gives bytes that the caller wants to use again to a stream. True when the stream still holds them: then the caller must
 * leave them alone for good.
 *
 * A socket takes what fits into the kernel's buffer before `write` returns, and that is nearly always everything; so the
 * engine can fill the same memory at every tick and leaves nothing to the garbage collector. A stream with a backlog gets
 * a copy.
 */
export function handOver(stream: Writable, bytes: Buffer): boolean {
  if (stream.writableLength > 0) {
    stream.write(Buffer.from(bytes));
    return false;
  }
  stream.write(bytes);
  return stream.writableLength > 0;
}
