import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type HttpResponse,
  ResponseReader,
} from '../../../../lambdas/runtime/aws/response-reader.ts';

/** Reads a response that comes in these pieces. */
function read(pieces: readonly (string | Buffer)[]): HttpResponse | undefined {
  const reader = new ResponseReader();
  let response: HttpResponse | undefined;
  for (const piece of pieces) response = reader.push(Buffer.from(piece as string)) ?? response;
  return response;
}

const ok = (headers: string, body = '') => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;

describe('a response', () => {
  const body = fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes));

  /** One response in bytes: with a length or in chunks, perhaps after a 100. */
  const response = fc
    .record({
      body,
      sizes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }),
      isChunked: fc.boolean(),
      continues: fc.boolean(),
      trailer: fc.constantFrom('', 'x-checksum: 1\r\n'),
    })
    .map(({ body, sizes, isChunked, continues, trailer }) => {
      const before = continues ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
      if (!isChunked) {
        return {
          body,
          bytes: Buffer.concat([
            Buffer.from(`${before}${ok(`Content-Length: ${body.length}\r\n`)}`),
            body,
          ]),
        };
      }
      const parts = [Buffer.from(`${before}${ok('Transfer-Encoding: chunked\r\n')}`)];
      let at = 0;
      for (const size of [...sizes, body.length]) {
        const chunk = body.subarray(at, at + size);
        at += chunk.length;
        if (chunk.length === 0) break;
        parts.push(Buffer.from(`${chunk.length.toString(16)};a=b\r\n`), chunk, Buffer.from('\r\n'));
      }
      parts.push(Buffer.from(`0\r\n${trailer}\r\n`));
      return { body, bytes: Buffer.concat(parts) };
    });

  test('is read whole, however it is cut into pieces', () => {
    fc.assert(
      fc.property(response, fc.array(fc.nat(1_000)), ({ body, bytes }, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b)];
        const pieces = places.map((from, index) => bytes.subarray(from, places[index + 1]));
        expect(read(pieces)).toMatchObject({ status: 200, body, isReusable: true });
        expect(read([bytes.subarray(0, -1)])).toBeUndefined();
      }),
    );
  });

  test('without a length ends with its connection, which is not used again', () => {
    const reader = new ResponseReader();
    expect(reader.push(Buffer.from(ok('', 'all')))).toBeUndefined();
    expect(String(reader.end()?.body)).toBe('all');
    expect(reader.end()?.isReusable).toBe(false);
  });

  test('that is cut off is none', () => {
    const reader = new ResponseReader();
    reader.push(Buffer.from(ok('content-length: 10\r\n', 'half')));
    expect(reader.end()).toBeUndefined();
  });

  test.each([
    ['that says so', ok('Connection: close\r\nContent-Length: 0\r\n')],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['that has more behind it', ok('content-length: 1\r\n', 'ab')],
  ])('%s closes its connection', (_name, text) => {
    expect(read([text])).toMatchObject({ status: 200, isReusable: false });
  });

  test('without a body needs no length', () => {
    expect(read(['HTTP/1.1 204 No Content\r\n\r\n'])).toMatchObject({
      status: 204,
      isReusable: true,
    });
  });

  test.each([
    ['is no HTTP', '220 smtp.example.com ESMTP\r\n\r\n'],
    ['has a header without a name', ok('hello\r\n')],
    ['has two lengths', ok('content-length: 1\r\ncontent-length: 2\r\n', 'ab')],
    ['has a length and chunks', ok('content-length: 1\r\ntransfer-encoding: chunked\r\n')],
    ['has a length that is no number', ok('content-length: 0x10\r\n')],
    ['is compressed', ok('transfer-encoding: gzip, chunked\r\n')],
    ['has a chunk without a size', ok('transfer-encoding: chunked\r\n', 'hello\r\n')],
    ['has a chunk that is too long', ok('transfer-encoding: chunked\r\n', '1\r\nab\r\n')],
    ['has a body that no call asks for', ok('content-length: 99999999\r\n')],
    ['has a head without an end', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(70_000)}`],
  ])('that %s is an error, not an answer', (_name, text) => {
    expect(() => read([text])).toThrow();
  });

  test('of any bytes is an answer, an error, or not complete', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          read([Buffer.from(bytes)]);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
