/**
 * AWS as the functions see it in a benchmark, in a process of its own: answers each API call at once, as
 * the service answers when all is well, and counts what it was asked. Told by its parent through the
 * process channel: `{ count: true }` is answered with the counts since the last time.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

let counts: Record<string, number> = {};

/** What each operation answers, by the end of its `x-amz-target`. */
const answers: Readonly<Record<string, (body: string) => unknown>> = {
  PutEvents: (body) => {
    const { Entries } = JSON.parse(body) as { Entries: { DetailType: string }[] };
    for (const { DetailType } of Entries) tally(`event ${DetailType}`);
    return {
      FailedEntryCount: 0,
      Entries: Entries.map((_, index) => ({
        EventId: `00000000-0000-0000-0000-00000000000${index}`,
      })),
    };
  },
  GetItem: () => ({}),
  PutItem: () => ({}),
  UpdateItem: () => ({}),
  DeleteItem: () => ({}),
  Query: () => ({ Items: [], Count: 0 }),
  TransactWriteItems: () => ({}),
  BatchGetItem: () => ({ Responses: {} }),
  GetSecretValue: () => ({ SecretString: process.env.FLOOR_SIGNING_SECRET }),
  GetParameter: () => ({ Parameter: { Value: process.env.FLOOR_SIGNING_SECRET } }),
  SendMessage: () => ({ MessageId: 'bench' }),
  PutObject: () => ({}),
};

/** S3 has no header for it: what is put is an object. */
function operationOf({ headers, url, method }: IncomingMessage): string {
  if (method === 'PUT') return 'PutObject';
  return String(headers['x-amz-target'] ?? url?.slice(1))
    .split('.')
    .at(-1) as string;
}

function tally(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

const server = createServer(async (request, response) => {
  const body = await read(request);
  const operation = operationOf(request);
  tally(operation);
  const answer = operation === 'floor' ? () => ({ FailedEntryCount: 0 }) : answers[operation];
  const text = JSON.stringify(answer?.(body) ?? { __type: 'UnknownOperationException' });
  response.writeHead(answer ? 200 : 400, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': '00000000-0000-0000-0000-000000000000',
  });
  response.end(text);
});
server.keepAliveTimeout = 120_000;

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ endpoint: `http://127.0.0.1:${port}` });
});
process.on('message', () => {
  process.send?.({ counts });
  counts = {};
});
process.on('disconnect', () => process.exit());
