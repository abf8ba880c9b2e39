import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** AWS as ingest sees it: an address that answers its calls, and counts what was published. */
export interface AwsAtTheWire {
  readonly endpoint: string;
  /** Entries that were put on the bus. */
  readonly published: () => number;
  close(): Promise<void>;
}

/** Starts it. `secrets` by their ARNs. */
export async function startAwsAtTheWire(
  secrets: Readonly<Record<string, string>>,
): Promise<AwsAtTheWire> {
  let published = 0;
  const answer = (target: string, body: Buffer): object => {
    if (target.endsWith('.GetSecretValue')) {
      return { SecretString: secrets[JSON.parse(body.toString()).SecretId] };
    }
    if (target.endsWith('.PutEvents')) {
      const { Entries } = JSON.parse(body.toString()) as { Entries: unknown[] };
      published += Entries.length;
      return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'e' })) };
    }
    return {};
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const text = JSON.stringify(answer(String(request.headers['x-amz-target'] ?? ''), body));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(text);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    published: () => published,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
