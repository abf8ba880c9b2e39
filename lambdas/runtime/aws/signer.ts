import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Credentials } from './credentials.ts';

/** What a signature covers. */
export interface Unsigned {
  readonly method: 'POST' | 'PUT';
  /** Encoded, without a query. */
  readonly path: string;
  /** All of them are signed. Names in lower case, in alphabetical order, values trimmed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Signs requests by Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). The key,
 * which is good for a day, is derived once. HMACs take it as KeyObject: with bytes Node makes such an
 * object for each HMAC, which takes six times as long as the HMAC itself.
 */
export class Signer {
  readonly #service: string;
  readonly #region: string;
  readonly #credentials: Credentials;
  #day = '';
  #scope = '';
  #key: KeyObject | undefined;

  constructor(service: string, region: string, credentials: Credentials) {
    this.#service = service;
    this.#region = region;
    this.#credentials = credentials;
  }

  /** The head of the signed request, from its first line to the empty one. */
  sign({ method, path, headers, body }: Unsigned, at: Date): string {
    const time = at.toISOString().replace(/[:-]|\.\d{3}/g, '');
    const key = this.#keyOf(time.slice(0, 8));
    const all = this.#withTime(headers, time);
    const names = Object.keys(all).join(';');
    let canonical = `${method}\n${path}\n\n`;
    let lines = `${method} ${path} HTTP/1.1\r\n`;
    for (const name in all) {
      canonical += `${name}:${all[name]}\n`;
      lines += `${name}: ${all[name]}\r\n`;
    }
    canonical += `\n${names}\n${hash('sha256', body)}`;
    const text = `AWS4-HMAC-SHA256\n${time}\n${this.#scope}\n${hash('sha256', canonical)}`;
    const signature = createHmac('sha256', key).update(text).digest('hex');
    const { accessKeyId } = this.#credentials;
    return (
      `${lines}authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${this.#scope}, ` +
      `SignedHeaders=${names}, Signature=${signature}\r\ncontent-length: ${body.length}\r\n\r\n`
    );
  }

  /** The headers with `x-amz-date` and `x-amz-security-token` in their alphabetical places. */
  #withTime(headers: Unsigned['headers'], time: string): Record<string, string> {
    const { sessionToken } = this.#credentials;
    const all: Record<string, string> = {};
    let isPlaced = false;
    const place = () => {
      all['x-amz-date'] = time;
      if (sessionToken) all['x-amz-security-token'] = sessionToken;
      isPlaced = true;
    };
    for (const name in headers) {
      if (!isPlaced && name > 'x-amz-date') place();
      all[name] = headers[name] ?? '';
    }
    if (!isPlaced) place();
    return all;
  }

  #keyOf(day: string): KeyObject {
    if (this.#key && this.#day === day) return this.#key;
    const parts = [day, this.#region, this.#service, 'aws4_request'];
    const secret = Buffer.from(`AWS4${this.#credentials.secretAccessKey}`);
    const bytes = parts.reduce(
      (key, part) => createHmac('sha256', key).update(part).digest(),
      secret,
    );
    this.#key = createSecretKey(bytes);
    this.#day = day;
    this.#scope = parts.join('/');
    return this.#key;
  }
}
