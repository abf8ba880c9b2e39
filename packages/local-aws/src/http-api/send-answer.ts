import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './api-responses.ts';

/** How long, and for how many bytes, a refused body is still read and discarded. */
const drainMs = 2_000;
const drainBytes = 64 * 1024 * 1024;

/**
 * Sends a response with API Gateway's request id. Resolves when it has been passed to the operating
 * system, or the client has gone.
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  requestId: string,
): Promise<void> {
  const { statusCode, headers, cookies, body } = answer;
  // A client that has already gone emits no further 'close', so waiting for it would never end.
  if (response.destroyed) {
    return;
  }
  const lines: string[] = [];
  for (const [name, value] of headers) {
    lines.push(name, value);
  }
  for (const cookie of cookies) {
    lines.push('set-cookie', cookie);
  }
  if (hasBody(statusCode)) {
    lines.push('content-length', String(body.length));
  }
  lines.push('apigw-requestid', requestId);
  response.writeHead(statusCode, lines);
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  response.once('finish', resolve).once('close', resolve);
  response.end(hasBody(statusCode) ? body : undefined);
  if (!response.req.complete) {
    drain(response);
  }
  await sent;
}

/** RFC 9110, sections 15.3.5 and 15.4.5. */
function hasBody(statusCode: number): boolean {
  return statusCode !== 204 && statusCode !== 304;
}

/**
 * A client that is still sending reads the response only if its connection is not reset. So its
 * data is read and discarded for a while before the connection is closed.
 */
function drain({ req }: ServerResponse): void {
  const { socket } = req;
  const timer = setTimeout(() => socket.destroy(), drainMs).unref();
  let dropped = 0;
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > drainBytes) {
      socket.destroy();
    }
  });
  req.once('end', () => clearTimeout(timer));
  req.once('close', () => clearTimeout(timer));
  req.resume();
}

/** Data that is not HTTP gets a minimal response, and its connection is closed. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = malformed.get(error.code ?? '') ?? ['400 Bad Request', 'Bad Request'];
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}

const malformed: ReadonlyMap<string, readonly [string, string]> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    ['431 Request Header Fields Too Large', 'Request Header Fields Too Large'],
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'Request Timeout']],
]);
