/** What `Invoke` with `LogType: Tail` gives back (Lambda API reference, Invoke). */
const TAIL_BYTES = 4096;

/** Keeps the end of one execution's log. */
export class LogTail {
  #bytes = Buffer.alloc(0);

  add(text: string): void {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(`${text}\n`)]).subarray(-TAIL_BYTES);
  }

  toBase64(): string {
    return this.#bytes.toString('base64');
  }
}
