import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './api-responses.ts';

/** How long, and for how many bytes, a body that was refused is still taken and dropped. */
const drainMs = 2_000;
const drainBytes = 64 * 1024 * 1024;

/**
 * Sends an answer, with the id by which API Gateway names the request. Resolves when it has been
 * handed to the system, or the client has gone.
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  requestId: string,
): Promise<void> {
  const { statusCode, headers, cookies, body } = answer;
  // Whoever has gone already closes nothing any more, which would be waited for without end.
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
 * A client that is still sending reads the answer only if its connection is not reset: so what it
 * sends is dropped for a while, and only then the connection.
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

/** What is not HTTP gets a bare answer, and its connection is closed. */
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
