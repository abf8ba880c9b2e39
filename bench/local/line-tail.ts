import { openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 256 * 1024;

/** Reads the lines that others append to a file. */
export class LineTail {
  readonly #file: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #at = 0;
  #rest = '';

  constructor(path: string) {
    this.#file = openSync(path, 'a+');
  }

  /** The whole lines that came since the last call. */
  read(): string[] {
    const lines: string[] = [];
    for (;;) {
      const length = readSync(this.#file, this.#chunk, 0, CHUNK_BYTES, this.#at);
      if (length === 0) return lines;
      this.#at += length;
      const parts = (this.#rest + this.#decoder.write(this.#chunk.subarray(0, length))).split('\n');
      this.#rest = parts.pop() ?? '';
      lines.push(...parts);
    }
  }
}
