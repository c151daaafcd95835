import { StringDecoder } from 'node:string_decoder';

/** Longest line taken from a peer before the connection is given up, characters. */
const MAX_LINE_CHARACTERS = 4 * 1024 * 1024;

/** One message per line. */
export function encodeJsonLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/**
 * Splits a byte stream into parsed JSON lines, whatever the chunk borders are. Throws on a line that is not JSON or is
 * longer than 4 Mi characters: the connection is to be closed then, since the peer does not speak our protocol.
 */
export class JsonLineDecoder {
  #decoder = new StringDecoder('utf8');
  #rest = '';

  push(chunk: Uint8Array): unknown[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE_CHARACTERS)
      throw new Error(`a line of more than ${MAX_LINE_CHARACTERS} characters`);
    return lines.filter((line) => line.length > 0).map((line): unknown => JSON.parse(line));
  }
}
