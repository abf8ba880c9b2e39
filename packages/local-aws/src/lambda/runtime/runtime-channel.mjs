import { Socket } from 'node:net';
import { readFrames, writeFrame } from './frames.mjs';

/** Lambda's limit on a result (see `maxResponseBytes` of the service). */
const maxResultBytes = 6_291_556;
/** Lambda's limit on an event is 6 MB; the rest is a margin. */
const maxEventBytes = 16 * 1024 * 1024;

/**
 * The Runtime API's requests and responses as frames on a socket that the process inherits. The
 * result of one invocation and the request for the next are one write, which costs a fraction of
 * two HTTP requests.
 */
export function openRuntimeChannel(fd) {
  const socket = new Socket({ fd, readable: true, writable: true });
  let settle;
  socket.on(
    'data',
    readFrames((head, body) => settle?.({ ...head, body }), maxEventBytes),
  );
  // The process ends with the service, also when the service was killed.
  socket.on('close', () => process.exit(0));
  socket.on('error', () => {});

  const request = (head, body) => {
    socket.write(writeFrame(head, body));
    return new Promise((resolve) => {
      settle = resolve;
    });
  };
  const report = (head, body) =>
    Buffer.byteLength(body) > maxResultBytes
      ? request({ ...head, tooLarge: true })
      : request(head, body);
  return {
    next: () => request({ next: true }),
    respondAndTakeNext: (id, body) => report({ reported: 'response', id, next: true }, body),
    reportErrorAndTakeNext: (id, body) => report({ reported: 'error', id, next: true }, body),
    postError: (id, body) => report({ reported: 'error', id }, body),
    postInitError: (body) => report({ reported: 'init-error' }, body),
  };
}
