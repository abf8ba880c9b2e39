import { headerIn, notHttp, readResponseHead } from './response-head.ts';

/** An HTTP response as it came. */
export interface HttpResponse {
  readonly status: number;
  /** Finds a header by its name in lower case. */
  readonly headers: { get(name: string): string | undefined };
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
  /** What came last, with what was left of what came before, and how far it is read. */
  #bytes: Buffer = nothing;
  #at = 0;
  #head: Omit<HttpResponse, 'body'> | undefined;
  #isChunked = false;
  /** Bytes that are missing of the body or the chunk; infinite when the body ends with the connection. */
  #missing = 0;
  #state: State = 'head';
  #parts: Buffer[] = [];
  #size = 0;

  /** The response, as soon as it is complete. */
  push(bytes: Buffer): HttpResponse | undefined {
    const isAllRead = this.#at === this.#bytes.length;
    this.#bytes = isAllRead ? bytes : Buffer.concat([this.#bytes.subarray(this.#at), bytes]);
    this.#at = 0;
    while (true) {
      if (this.#state === 'head') {
        if (!this.#readHead()) return undefined;
        if (this.#head && this.#missing === 0 && !this.#isChunked) return this.#complete();
      } else if (this.#state === 'data') {
        this.#takeData();
        if (this.#missing > 0) return undefined;
        if (!this.#isChunked) return this.#complete();
        this.#state = 'after-chunk';
      } else {
        const line = this.#takeLine();
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

  /** Reads the head once it is there; false until then. */
  #readHead(): boolean {
    const head = readResponseHead(this.#bytes, this.#at);
    if (!head) {
      if (this.#bytes.length - this.#at > longestHead) throw tooLarge();
      return false;
    }
    const bytes = this.#bytes;
    const from = this.#at;
    this.#at = head.end;
    const { status, length, coding, connection } = head;
    // 1xx: more is to come (RFC 9110, section 15.2). Nothing here asks for another protocol.
    if (status < 200) return true;
    this.#measure(status, length, coding);
    const isKept = head.isPersistent && !connection?.toLowerCase().includes('close');
    const isReusable = isKept && this.#missing !== Number.POSITIVE_INFINITY;
    // Hardly anybody asks for a header: they are read then.
    const get = (name: string) => headerIn(bytes.toString('latin1', from, head.end), name);
    this.#head = { status, headers: { get }, isReusable };
    return true;
  }

  /** How long the body is (RFC 9112, section 6.3). */
  #measure(status: number, length: string | undefined, coding: string | undefined): void {
    this.#state = 'data';
    if (status === 204 || status === 304) return;
    if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked' || length !== undefined) {
        throw notHttp();
      }
      this.#isChunked = true;
      this.#state = 'size';
    } else if (length === undefined) this.#missing = Number.POSITIVE_INFINITY;
    else {
      if (!/^\d{1,15}$/.test(length)) throw notHttp();
      this.#missing = Number(length);
      this.#grow(this.#missing, 0);
    }
  }

  #readChunkLine(line: string): void {
    if (this.#state === 'after-chunk') {
      if (line !== '') throw notHttp();
      this.#state = 'size';
      return;
    }
    const size = /^([\da-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw notHttp();
    this.#missing = Number.parseInt(size, 16);
    this.#state = this.#missing === 0 ? 'trailer' : 'data';
  }

  #takeData(): void {
    const data = this.#bytes.subarray(
      this.#at,
      Math.min(this.#bytes.length, this.#at + this.#missing),
    );
    this.#grow(data.length, data.length);
    if (data.length > 0) this.#parts.push(data);
    this.#missing -= data.length;
    this.#at += data.length;
  }

  /** The next line, without its end. */
  #takeLine(): string | undefined {
    const end = this.#bytes.indexOf('\r\n', this.#at, 'latin1');
    if ((end < 0 ? this.#bytes.length : end) - this.#at > longestHead) throw tooLarge();
    if (end < 0) return undefined;
    const line = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 2;
    return line;
  }

  #grow(expected: number, taken: number): void {
    if (this.#size + expected > largestBody) throw tooLarge();
    this.#size += taken;
  }

  #complete(): HttpResponse {
    if (!this.#head) throw notHttp();
    const { status, headers, isReusable } = this.#head;
    const [only = nothing] = this.#parts;
    return {
      status,
      headers,
      body: this.#parts.length > 1 ? Buffer.concat(this.#parts) : only,
      // Bytes that nobody has asked for: who knows what they answer.
      isReusable: isReusable && this.#at === this.#bytes.length,
    };
  }
}

const tooLarge = () => new Error('The answer is too large.');
