/** An HTTP response as it came. */
export interface HttpResponse {
  readonly status: number;
  /** Finds a header by its name in lower case. */
  readonly headers: { get(name: string): string | undefined };
  readonly body: Buffer;
  /** Whether the next request may go over the same connection. */
  readonly isReusable: boolean;
}

/** The head of a response. Hardly anybody asks for a header, so they are kept as they came. */
class ResponseHeaders {
  readonly #head: Buffer;

  constructor(head: Buffer) {
    this.#head = head;
  }

  /** The value of a header; where it is there twice, the last. */
  get(name: string): string | undefined {
    let value: string | undefined;
    for (const line of this.#head.toString('latin1').split('\r\n')) {
      const colon = line.indexOf(':');
      if (line.slice(0, colon).toLowerCase() === name) value = line.slice(colon + 1).trim();
    }
    return value;
  }
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
  #head: { status: number; headers: HttpResponse['headers']; isReusable: boolean } | undefined;
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
        if (!this.#readHead()) return undefined;
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

  /** Reads the head once it is there; false until then. */
  #readHead(): boolean {
    const framing = readFraming(this.#rest);
    if (!framing) {
      if (this.#rest.length > longestHead) throw new Error('The answer is too large.');
      return false;
    }
    const { status, length, coding, connection, end } = framing;
    const head = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end);
    // 1xx: more is to come (RFC 9110, section 15.2). Nothing here asks for another protocol.
    if (status < 200) return true;
    this.#measure(status, length, coding);
    const isKept = framing.isPersistent && !connection?.toLowerCase().includes('close');
    const isReusable = isKept && this.#missing !== Number.POSITIVE_INFINITY;
    this.#head = { status, headers: new ResponseHeaders(head), isReusable };
    return true;
  }

  /** How long the body is (RFC 9112, section 6.3). */
  #measure(status: number, length: string | undefined, coding: string | undefined): void {
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

/** What of a head says where its response ends. */
interface Framing {
  readonly status: number;
  /** Whether the connection stays unless the head says otherwise: since HTTP/1.1. */
  readonly isPersistent: boolean;
  length?: string;
  coding?: string;
  connection?: string;
  /** Where the head ends, and what follows begins. */
  end: number;
}

/** Which header says what, by the length of its name: that spares reading the others. */
const framingHeaders: Readonly<
  Record<number, readonly [string, 'length' | 'coding' | 'connection']>
> = {
  10: ['connection', 'connection'],
  14: ['content-length', 'length'],
  17: ['transfer-encoding', 'coding'],
};

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colonSign = 0x3a;

/** Looks at each line of a head; undefined where it is not complete. @throws Error when it is no head */
function readFraming(bytes: Buffer): Framing | undefined {
  let framing: Framing | undefined;
  let start = 0;
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
    if (bytes[end - 1] !== carriageReturn) throw new Error('The answer is not HTTP.');
    if (!framing) framing = readStatus(bytes.toString('latin1', 0, end - 1));
    else if (end - 1 === start) {
      framing.end = end + 1;
      return framing;
    } else readHeader(bytes, start, end - 1, framing);
    start = end + 1;
  }
  return undefined;
}

function readStatus(line: string): Framing {
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1]);
  if (Number.isNaN(status)) throw new Error('The answer is not HTTP.');
  return { status, isPersistent: line.startsWith('HTTP/1.1'), end: 0 };
}

function readHeader(bytes: Buffer, start: number, end: number, framing: Framing): void {
  const colon = bytes.indexOf(colonSign, start);
  if (colon <= start || colon >= end) throw new Error('The answer is not HTTP.');
  const [name, part] = framingHeaders[colon - start] ?? [];
  if (!part || bytes.toString('latin1', start, colon).toLowerCase() !== name) return;
  const value = bytes.toString('latin1', colon + 1, end).trim();
  if (part === 'length' && (framing.length ?? value) !== value) {
    throw new Error('The answer has two lengths.');
  }
  framing[part] = value;
}
