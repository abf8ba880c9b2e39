/** An HTTP response as it came. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a header that is there twice the last value. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether the next request may go over the same connection. */
  readonly isReusable: boolean;
}

type State = 'head' | 'data' | 'size' | 'after-chunk' | 'trailer';

/** The head of a response is never as long as this. */
const longestHead = 64 * 1024;

/** No answer that is asked for here is as large: an item of DynamoDB has at most 400 KB. */
const largestBody = 16 * 1024 * 1024;

const nothing: Buffer = Buffer.alloc(0);

/**
 * Reads one HTTP/1.1 response from the bytes of a connection, however they are cut (RFC 9112).
 * Anything that is not plainly right is an error: then the connection is given up, and the request
 * sent again.
 */
export class ResponseReader {
  #rest: Buffer = nothing;
  #head: { status: number; headers: Map<string, string>; isReusable: boolean } | undefined;
  #isChunked = false;
  /** Bytes that are missing of the body or the chunk; infinite when the body ends with the connection. */
  #missing = 0;
  #state: State = 'head';
  #parts: Buffer[] = [];
  #size = 0;

  /** The response, as soon as it is complete. */
  push(bytes: Buffer): HttpResponse | undefined {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (true) {
      if (this.#state === 'head') {
        const head = this.#take('\r\n\r\n');
        if (head === undefined) return undefined;
        this.#readHead(head);
        if (this.#head && this.#missing === 0 && !this.#isChunked) return this.#complete();
      } else if (this.#state === 'data') {
        this.#takeData();
        if (this.#missing > 0) return undefined;
        if (!this.#isChunked) return this.#complete();
        this.#state = 'after-chunk';
      } else {
        const line = this.#take('\r\n');
        if (line === undefined) return undefined;
        if (this.#state === 'trailer') {
          if (line === '') return this.#complete();
        } else this.#readChunkLine(line);
      }
    }
  }

  /** The connection has ended: that completes a body without a length. */
  end(): HttpResponse | undefined {
    return this.#state === 'data' && this.#missing === Number.POSITIVE_INFINITY
      ? this.#complete()
      : undefined;
  }

  #readChunkLine(line: string): void {
    if (this.#state === 'after-chunk') {
      if (line !== '') throw new Error('The answer is not HTTP.');
      this.#state = 'size';
      return;
    }
    const size = /^([\da-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw new Error('The answer is not HTTP.');
    this.#missing = Number.parseInt(size, 16);
    this.#state = this.#missing === 0 ? 'trailer' : 'data';
  }

  #readHead(text: string): void {
    const [first = '', ...lines] = text.split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
    if (Number.isNaN(status)) throw new Error('The answer is not HTTP.');
    // 1xx: more is to come (RFC 9110, section 15.2). Nothing here asks for another protocol.
    if (status < 200) return;
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon < 1) throw new Error('The answer is not HTTP.');
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      if (name === 'content-length' && (headers.get(name) ?? value) !== value) {
        throw new Error('The answer has two lengths.');
      }
      headers.set(name, value);
    }
    this.#measure(status, headers);
    const isKept = first.startsWith('HTTP/1.1') && !/close/i.test(headers.get('connection') ?? '');
    const isReusable = isKept && this.#missing !== Number.POSITIVE_INFINITY;
    this.#head = { status, headers, isReusable };
  }

  /** How long the body is (RFC 9112, section 6.3). */
  #measure(status: number, headers: ReadonlyMap<string, string>): void {
    const coding = headers.get('transfer-encoding');
    const length = headers.get('content-length');
    this.#state = 'data';
    if (status === 204 || status === 304) return;
    if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked' || length !== undefined) {
        throw new Error('The answer has an odd encoding.');
      }
      this.#isChunked = true;
      this.#state = 'size';
    } else if (length === undefined) this.#missing = Number.POSITIVE_INFINITY;
    else {
      if (!/^\d{1,15}$/.test(length)) throw new Error('The answer has an odd length.');
      this.#missing = Number(length);
      this.#grow(this.#missing, 0);
    }
  }

  #takeData(): void {
    const data =
      this.#rest.length <= this.#missing ? this.#rest : this.#rest.subarray(0, this.#missing);
    this.#grow(data.length, data.length);
    if (data.length > 0) this.#parts.push(data);
    this.#missing -= data.length;
    this.#rest = this.#rest.subarray(data.length);
  }

  /** The text before the next mark, which is taken too. */
  #take(mark: string): string | undefined {
    const end = this.#rest.indexOf(mark, 0, 'latin1');
    if ((end < 0 ? this.#rest.length : end) > longestHead)
      throw new Error('The answer is too large.');
    if (end < 0) return undefined;
    const text = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + mark.length);
    return text;
  }

  #grow(expected: number, taken: number): void {
    if (this.#size + expected > largestBody) throw new Error('The answer is too large.');
    this.#size += taken;
  }

  #complete(): HttpResponse {
    if (!this.#head) throw new Error('The answer is not HTTP.');
    const { status, headers, isReusable } = this.#head;
    const [only = nothing] = this.#parts;
    return {
      status,
      headers,
      body: this.#parts.length > 1 ? Buffer.concat(this.#parts) : only,
      // Bytes that nobody has asked for: who knows what they answer.
      isReusable: isReusable && this.#rest.length === 0,
    };
  }
}
