import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { serveRuntimeChannel } from '../../src/lambda/environment/runtime-api.ts';
import { readFrames, writeFrame } from '../../src/lambda/runtime/frames.mjs';

/** Cuts bytes into pieces of these sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += sizes[(pieces.length - 1) % sizes.length] ?? 1) {
    pieces.push(bytes.subarray(at, at + (sizes[pieces.length % sizes.length] ?? 1)));
  }
  return pieces;
}

test('frames arrive complete, however the socket splits them', () => {
  const frames = fc.array(fc.tuple(fc.dictionary(fc.string(), fc.string()), fc.string()), {
    maxLength: 5,
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  fc.assert(
    fc.property(frames, sizes, (sent, pieces) => {
      const bytes = Buffer.concat(sent.map(([head, body]) => writeFrame(head, body)));
      const received: unknown[] = [];
      const read = readFrames((head, body) => received.push([head, body]), 1_000);
      for (const piece of cut(bytes, pieces)) {
        read(piece);
      }
      expect(JSON.stringify(received)).toBe(JSON.stringify(sent.map(wellFormed)));
    }),
  );
});

/** As UTF-8 carries it. */
const wellFormed = ([head, body]: [object, string]) => [
  JSON.parse(Buffer.from(JSON.stringify(head)).toString()),
  body.toWellFormed(),
];

describe('a process that writes to the channel itself', () => {
  test.each([
    ['data that is not a frame', 'GET / HTTP/1.1\r\n\r\n'],
    ['a frame with a head that is no JSON', '\0\0\0\x01\0\0\0\0{'],
    ['a head that is null', '\0\0\0\x04\0\0\0\0null'],
    ['a result of no invocation', writeFrame({ reported: 'response' }, '1')],
    ['a body of four gigabytes', '\0\0\0\x02\xff\xff\xff\xff{}'],
  ])('loses the connection after %s', async (_what, bytes) => {
    const reported: unknown[] = [];
    const server = createServer((socket: Socket) =>
      serveRuntimeChannel(
        socket,
        {
          ready: () => reported.push('ready'),
          responded: () => reported.push('responded'),
          failed: () => reported.push('failed'),
          initFailed: () => reported.push('initFailed'),
        },
        () => reported.push('asked'),
      ),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    await once(socket, 'close');
    expect(reported).toEqual([]);
    server.close();
  });
});
