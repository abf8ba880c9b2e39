import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { signingSecret } from '../webhook.ts';
import { startChild } from './child.ts';

/**
 * Starts a stand-in for AWS's JSON endpoints on a free port, in a process of its own: its work is in no
 * measurement. `takeRequests` returns the operations since the last time, in order; PutEvents with its detail types.
 */
export async function startAws() {
  const { child, answer } = startChild(new URL(import.meta.url));
  const { endpoint } = await answer<{ endpoint: string }>();
  const takeRequests = async () => (await answer<{ requests: string[] }>({})).requests;
  return { endpoint, takeRequests, stop: () => child.disconnect() };
}

/** The stand-in, running. */
export type Aws = Awaited<ReturnType<typeof startAws>>;

/** What each operation answers when all is well; none is known that is not here. */
const answers: Readonly<Record<string, (body: string) => unknown>> = {
  GetItem: () => ({}),
  PutItem: () => ({}),
  UpdateItem: () => ({}),
  DeleteItem: () => ({}),
  BatchGetItem: () => ({ Responses: {} }),
  BatchWriteItem: () => ({}),
  GetSecretValue: () => ({ SecretString: signingSecret }),
  PutEvents: (body) => ({
    FailedEntryCount: 0,
    Entries: JSON.parse(body).Entries.map(() => ({ EventId: 'bench' })),
  }),
};

function serve(): void {
  let requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const operation = String(request.headers['x-amz-target']).replace(/.*\./, '');
    const types = [...body.matchAll(/"DetailType":"([^"]+)"/g)].map(([, type]) => ` ${type}`);
    requests.push(operation + types.join(''));
    const answer = answers[operation]?.(body);
    const json = JSON.stringify(answer ?? { __type: 'UnknownOperationException' });
    response.writeHead(answer ? 200 : 400, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(json),
      'x-amzn-requestid': '00000000-0000-0000-0000-000000000000',
    });
    response.end(json);
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ endpoint: `http://127.0.0.1:${port}` });
  });
  process.on('message', () => {
    process.send?.({ requests });
    requests = [];
  });
  process.on('disconnect', () => process.exit());
}

if (import.meta.main) {
  serve();
}
