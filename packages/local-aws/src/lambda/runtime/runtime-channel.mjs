import { Socket } from 'node:net';
import { readFrames, writeFrame } from './frames.mjs';

/** Lambda's limit on a result (see `maxResponseBytes` of the service). */
const maxResultBytes = 6_291_556;
/** Lambda's limit on an event is 6 MB; the rest is room. */
const maxEventBytes = 16 * 1024 * 1024;

/**
 * What the Runtime API is for, over a socket that the process was started with: the same questions
 * and answers in frames. The result of one invocation and the question for the next are one write,
 * which costs a fraction of two HTTP requests.
 */
export function openRuntimeChannel(fd) {
  const socket = new Socket({ fd, readable: true, writable: true });
  let settle;
  socket.on(
    'data',
    readFrames((head, body) => settle?.({ ...head, body }), maxEventBytes),
  );
  // Without the service there is nothing left to do: this also ends us when it was killed.
  socket.on('close', () => process.exit(0));
  socket.on('error', () => {});

  const ask = (head, body) => {
    socket.write(writeFrame(head, body));
    return new Promise((resolve) => {
      settle = resolve;
    });
  };
  const report = (head, body) =>
    Buffer.byteLength(body) > maxResultBytes ? ask({ ...head, tooLarge: true }) : ask(head, body);
  return {
    next: () => ask({ next: true }),
    respondAndTakeNext: (id, body) => report({ reported: 'response', id, next: true }, body),
    reportErrorAndTakeNext: (id, body) => report({ reported: 'error', id, next: true }, body),
    postError: (id, body) => report({ reported: 'error', id }, body),
    postInitError: (body) => report({ reported: 'init-error' }, body),
  };
}
