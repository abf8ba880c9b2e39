import { connect } from 'node:net';

const pathPrefix = '/2018-06-01/runtime';
const headersEnd = Buffer.from('\r\n\r\n');

/**
 * The client side of the Lambda Runtime API
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) over one kept connection.
 *
 * It writes HTTP/1.1 directly and sends the result of one invocation and the request for the next
 * in one write: an HTTP client library costs more than most handlers do.
 */
export async function connectToRuntimeApi(address) {
  const socket = await openSocket(address);

  /** Resolvers of the requests without an answer, oldest first, since HTTP/1.1 answers in order. */
  const waiting = [];
  const chunks = [];
  let received = 0;
  let needed = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    // Joining the chunks only when an answer is complete keeps a 6 MB event linear.
    if (received < needed) {
      return;
    }
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let answer = readAnswer(bytes);
    for (; answer.complete; answer = readAnswer(bytes)) {
      bytes = bytes.subarray(answer.length);
      waiting.shift()?.(answer);
    }
    chunks.splice(0, chunks.length, bytes);
    received = bytes.length;
    needed = answer.length;
  });
  // The process ends with the service, also when the service was killed.
  socket.on('close', () => process.exit(0));
  socket.on('error', () => {});

  const send = (text) => {
    socket.write(text);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const post = (path, body) =>
    `POST ${pathPrefix}${path} HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const next = `GET ${pathPrefix}/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`;

  const postAndTakeNext = (path, body) => {
    waiting.push(() => {});
    return send(post(path, body) + next).then(readInvocation);
  };
  return {
    next: () => send(next).then(readInvocation),
    respondAndTakeNext: (id, body) => postAndTakeNext(`/invocation/${id}/response`, body),
    reportErrorAndTakeNext: (id, body) => postAndTakeNext(`/invocation/${id}/error`, body),
    postError: (id, body) => send(post(`/invocation/${id}/error`, body)),
    postInitError: (body) => send(post('/init/error', body)),
  };
}

async function openSocket(address) {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** The first response in the received bytes, and its expected length. */
function readAnswer(bytes) {
  const end = bytes.indexOf(headersEnd);
  if (end < 0) {
    return { complete: false, length: bytes.length + 1 };
  }
  const headers = new Map();
  for (const line of bytes.toString('latin1', 0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const start = end + headersEnd.length;
  const length = start + Number(headers.get('content-length') ?? 0);
  if (bytes.length < length) {
    return { complete: false, length };
  }
  return { complete: true, length, headers, body: bytes.toString('utf8', start, length) };
}

function readInvocation({ headers, body }) {
  return {
    requestId: headers.get('lambda-runtime-aws-request-id'),
    functionArn: headers.get('lambda-runtime-invoked-function-arn'),
    deadline: Number(headers.get('lambda-runtime-deadline-ms')),
    traceId: headers.get('lambda-runtime-trace-id'),
    clientContext: headers.get('lambda-runtime-client-context'),
    identity: headers.get('lambda-runtime-cognito-identity'),
    body,
  };
}
