import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Sessions as WAHA's `GET /api/sessions` tells them, with some of what goes wrong. */
const sessionsWith = (frontDoor: string) => [
  {
    name: 'shop',
    status: 'WORKING',
    config: {
      webhooks: [
        {
          url: `${frontDoor}/webhooks/`,
          events: ['message', 'message.any', 'session.status'],
          hmac: null,
          retries: null,
        },
      ],
    },
  },
];

/** A server that answers as WAHA does when it is asked for its sessions, which post to a front door. */
export async function startWahaExample(
  frontDoor: string,
): Promise<{ readonly url: string; close(): void }> {
  const server: Server = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(sessionsWith(frontDoor)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
