import type { LocalRun } from '@event-fanout/local-aws';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sign } from '../../events/signature.ts';
import { freshWebhook } from '../../ops/send-webhook.ts';
import { testSecret } from './secrets.ts';
import { startProject } from './start-project.ts';

const secret = testSecret;

let run: LocalRun | undefined;
afterEach(async () => {
  await run?.close();
  run = undefined;
});

/** Runs the stack with these settings, and posts to where its output says. */
async function open(context: Readonly<Record<string, unknown>>) {
  run = await startProject({ context });
  const url = run.stacks[0]?.outputs.WebhookUrl ?? '';
  const post = async (body: string, headers: Record<string, string> = {}, behind = '') => {
    const response = await fetch(`${url}${behind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    await response.text();
    return response;
  };
  return { url, post };
}

const webhook = () => JSON.stringify(freshWebhook('message', 'waha'));
const signature = (body: string, key = secret) => ({ 'X-Webhook-Hmac': sign(body, key) });

describe.each([
  ['http-api', {}],
  ['rest-api', { ingress: 'rest-api' }],
  ['function-url', { ingress: 'function-url' }],
])('through the ingress %s', (kind, context) => {
  test('the same webhooks are accepted and refused', async () => {
    const { url, post } = await open({ ...context, maxBodyBytes: 100_000 });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+(\/dev)?\/webhooks$/);
    const body = webhook();
    expect((await post(body, signature(body))).status).toBe(202);
    expect((await post(body, signature(body))).status).toBe(200);
    const umlauts = body.replace(/"session":"[^"]*"/, '"session":"Größe 🙂"');
    expect((await post(umlauts, signature(umlauts))).status).toBe(202);
    expect((await post(webhook(), {}, `?secret=${secret}`)).status).toBe(202);
    expect((await post(webhook(), {}, `/${secret}`)).status).toBe(202);
    const withSlash = webhook();
    expect((await post(withSlash, signature(withSlash), '/')).status).toBe(202);
    expect((await post(webhook(), {}, `/${secret}/`)).status).toBe(202);
    expect((await post(webhook(), { 'X-Webhook-Secret': secret })).status).toBe(202);
    expect((await post(webhook(), { authorization: `Bearer ${secret}` })).status).toBe(202);

    expect((await post(webhook())).status).toBe(401);
    expect((await post(webhook(), signature(body))).status).toBe(401);
    expect((await post(webhook(), signature(body, 'forged'))).status).toBe(401);
    expect((await post(webhook(), {}, '?secret=forged')).status).toBe(401);
    expect((await post(webhook(), {}, '/forged')).status).toBe(401);
    const large = JSON.stringify({ event: 'message', text: 'x'.repeat(100_000) });
    expect((await post(large, signature(large))).status).toBe(413);

    const noRoute = kind === 'rest-api' ? 403 : 404;
    expect((await post(body, signature(body), '/a/b')).status).toBe(noRoute);
    expect((await fetch(url)).status).toBe(kind === 'function-url' ? 405 : noRoute);
  }, 120_000);
});

describe('the ingress', () => {
  test('refuses networks that the setting does not name, regardless of headers', async () => {
    const { post } = await open({ allowedSources: '203.0.113.0/24' });
    const body = webhook();
    const headers = { ...signature(body), 'x-forwarded-for': '203.0.113.5' };
    expect((await post(body, headers)).status).toBe(403);
  }, 120_000);

  test('accepts networks that the setting names', async () => {
    const { post } = await open({ allowedSources: '203.0.113.0/24,127.0.0.1' });
    const body = webhook();
    expect((await post(body, signature(body))).status).toBe(202);
  }, 120_000);

  test('as REST API says when to retry if it throttles', async () => {
    const { post } = await open({ ingress: 'rest-api', throttleRate: 1, throttleBurst: 1 });
    const body = webhook();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body)));
    const throttled = answers.filter(({ status }) => status === 429);
    expect(throttled.length).toBeGreaterThan(0);
    for (const { headers } of throttled) {
      expect(headers.get('retry-after')).toBe('5');
    }
  }, 120_000);

  test('runs no more concurrent executions of ingest than are reserved', async () => {
    const { post } = await open({ ingress: 'function-url', ingestConcurrency: 2 });
    const bodies = Array.from({ length: 40 }, webhook);
    const answers = await Promise.all(bodies.map((body) => post(body, signature(body))));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
  }, 120_000);
});
