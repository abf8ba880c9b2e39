import { hash } from 'node:crypto';
import { hmac } from '../../../events/hmac.ts';
import type { Credentials } from './credentials.ts';

/** What requests of one kind have in common. */
export interface RequestKind {
  readonly method: 'POST' | 'PUT';
  /** Encoded, without a query. */
  readonly path: string;
  /** All of them are signed. Names in lower case, in alphabetical order, values trimmed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes the head of a signed request, from its first line to the empty one. */
export type Sign = (body: string | Uint8Array, at: Date) => string;

/**
 * Signs requests by Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). The key,
 * which is good for a day, is derived once.
 */
export class Signer {
  readonly #service: string;
  readonly #region: string;
  readonly #credentials: Credentials;
  #day = '';
  #scope = '';
  #second = Number.NaN;
  #time = '';
  #key: Uint8Array = Buffer.alloc(0);

  constructor(service: string, region: string, credentials: Credentials) {
    this.#service = service;
    this.#region = region;
    this.#credentials = credentials;
  }

  /** Writes down all of a kind's requests that does not change from one to the next. */
  prepare({ method, path, headers }: RequestKind): Sign {
    const { accessKeyId, sessionToken } = this.#credentials;
    const all = Object.entries({
      ...headers,
      'x-amz-date': '',
      ...(sessionToken ? { 'x-amz-security-token': sessionToken } : {}),
    }).sort(([a], [b]) => (a < b ? -1 : 1));
    const at = all.findIndex(([name]) => name === 'x-amz-date');
    const write = (from: number, to: number, colon: string, end: string) =>
      all
        .slice(from, to)
        .map(([name, value]) => `${name}${colon}${value}${end}`)
        .join('');
    const names = all.map(([name]) => name).join(';');
    const covered = {
      before: `${method}\n${path}\n\n${write(0, at, ':', '\n')}x-amz-date:`,
      after: `\n${write(at + 1, all.length, ':', '\n')}\n${names}\n`,
    };
    const sent = {
      before: `${method} ${path} HTTP/1.1\r\n${write(0, at, ': ', '\r\n')}x-amz-date: `,
      after: `\r\n${write(at + 1, all.length, ': ', '\r\n')}authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/`,
    };
    return (body, moment) => {
      const time = this.#timeOf(moment);
      const canonical = `${covered.before}${time}${covered.after}${hash('sha256', body)}`;
      const text = `AWS4-HMAC-SHA256\n${time}\n${this.#scope}\n${hash('sha256', canonical)}`;
      const signature = hmac('sha256', this.#key, text, 'hex');
      return (
        `${sent.before}${time}${sent.after}${this.#scope}, SignedHeaders=${names}, ` +
        `Signature=${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
      );
    };
  }

  /** The time as it is signed; with each new day comes a new key. */
  #timeOf(moment: Date): string {
    const second = Math.floor(moment.getTime() / 1_000);
    if (second === this.#second) return this.#time;
    this.#second = second;
    this.#time = moment.toISOString().replace(/[:-]|\.\d{3}/g, '');
    const day = this.#time.slice(0, 8);
    if (day !== this.#day) this.#deriveKey(day);
    return this.#time;
  }

  #deriveKey(day: string): void {
    const parts = [day, this.#region, this.#service, 'aws4_request'];
    const secret = `AWS4${this.#credentials.secretAccessKey}`;
    this.#key = parts.reduce<Uint8Array>(
      (key, part) => Buffer.from(hmac('sha256', key, part, 'binary'), 'latin1'),
      Buffer.from(secret),
    );
    this.#day = day;
    this.#scope = parts.join('/');
  }
}
