/**
 * The floor: what no ingest can do without. One JSON.parse, one HMAC-SHA512, one JSON.stringify of the
 * same bytes, and one HTTP request with them to the stub, over a connection that is kept open. No
 * signing of the request, no validation, no ledger, no log line.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const agent = new Agent({ keepAlive: true });
const endpoint = new URL(process.env.AWS_ENDPOINT_URL ?? '');
const signingSecret = process.env.FLOOR_SIGNING_SECRET ?? '';

export async function handler(event: APIGatewayProxyEventV2) {
  const body = event.body ?? '';
  const expected = createHmac('sha512', signingSecret).update(body).digest();
  const given = Buffer.from(event.headers['x-webhook-hmac'] ?? '', 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { statusCode: 401 };
  }
  const webhook: unknown = JSON.parse(body);
  await post(JSON.stringify(webhook));
  return { statusCode: 202 };
}

function post(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: 'POST',
      host: endpoint.hostname,
      port: endpoint.port,
      path: '/floor',
      headers: { 'content-length': Buffer.byteLength(body) },
    };
    const sending = request(options, (response) => {
      response.on('data', () => {});
      response.once('end', resolve);
    });
    sending.once('error', reject);
    sending.end(body);
  });
}
