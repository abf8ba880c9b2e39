import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildPage } from '../../../console/server/http/build-page.ts';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import { quietSource } from './quiet-source.ts';

let local: OpenConsole;
let aws: OpenConsole;

beforeAll(async () => {
  local = await openConsole({ source: quietSource('local'), port: 0 });
  aws = await openConsole({ source: quietSource('aws'), port: 0 });
});

afterAll(async () => {
  await local?.close();
  await aws?.close();
});

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request with exactly these headers, as a browser would never let a page send it. */
function ask(console: OpenConsole, path: string, { method = 'GET', headers, body }: Ask = {}) {
  const { port } = new URL(console.url);
  // A connection of its own: one that is kept is closed when the test keeps the process busy for long.
  const to = { host: '127.0.0.1', port, agent: false as const };
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request(
        { ...to, path, method, headers: { ...headers, ...length } },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

const json = { 'content-type': 'application/json' };
const post = (console: OpenConsole, path: string, body: object, headers = {}) =>
  ask(console, `/console/api/${path}`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });

async function keyOf(console: OpenConsole, token?: string): Promise<string> {
  const { text } = await post(console, 'admission', { token });
  return (JSON.parse(text) as { key: string }).key;
}

describe('what is not meant for the console', () => {
  const { raw } = String;
  test.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', raw`a\b`])(
    'is refused when its host is %j, as after DNS rebinding',
    async (host) => {
      const answer = await ask(local, '/console/', { headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('<html');
    },
  );

  test('is refused when its host is another port of this machine', async () => {
    const { status } = await ask(local, '/console/', { headers: { host: '127.0.0.1:1' } });
    expect(status).toBe(403);
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
    'is refused when a page of %s asks',
    async (origin) => {
      const { host } = new URL(local.url);
      const headers = { host, origin, ...json };
      for (const path of ['/console/', '/console/app.js', '/console/api/admission']) {
        const { status } = await ask(local, path, { method: 'POST', headers, body: '{}' });
        expect(status).toBe(403);
      }
    },
  );

  test.each(['cross-site', 'same-site', 'none'])(
    'is refused when the browser says that it is %s and no visit',
    async (site) => {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
      expect((await ask(local, '/console/app.js', { headers })).status).toBe(403);
      expect((await ask(local, '/console/', { headers })).status).toBe(403);
    },
  );

  test('is the page, for every address that the page may have', async () => {
    for (const path of ['events/1', 'failures/a.fifo/2', 'state/chats/1%40c.us', 'x.js']) {
      const { status, text } = await ask(local, `/console/${path}?text=a`);
      expect([path, status, text.includes('src="/console/app.js"')]).toEqual([path, 200, true]);
    }
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await ask(local, '/console/events', { headers })).status).toBe(403);
  });

  test('is let through when a person follows a link to the page, but no further', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask(local, '/console/', { headers })).status).toBe(200);
    expect((await ask(local, '/console/api/overview', { headers })).status).toBe(403);
    const framed = { ...headers, 'sec-fetch-dest': 'iframe' };
    expect((await ask(local, '/console/', { headers: framed })).status).toBe(403);
  });
});

describe('what the page asks', () => {
  test('is answered with its key only', async () => {
    const key = await keyOf(local);
    const path = '/console/api/events';
    expect((await ask(local, path)).status).toBe(401);
    expect((await ask(local, path, { headers: { 'x-console-key': `${key}x` } })).status).toBe(401);
    expect((await ask(local, path, { headers: { 'x-console-key': key } })).status).toBe(200);
  });

  test('is taken as JSON only, which no form of another site can send', async () => {
    const headers = { 'content-type': 'text/plain' };
    const sent = { method: 'POST', headers, body: '{}' };
    expect((await ask(local, '/console/api/admission', sent)).status).toBe(415);
  });

  test.each(['[1]', '"text"', 'null', '{', '{"a":'])('is refused when it is %s', async (body) => {
    const sent = { method: 'POST', headers: json, body };
    expect((await ask(local, '/console/api/admission', sent)).status).toBe(400);
  });

  test('whatever it is, gets an answer and never ends the console', async () => {
    const key = await keyOf(local);
    await fc.assert(
      fc.asyncProperty(
        fc.webPath(),
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
        fc.json(),
        async (path, method, body) => {
          const headers = { ...json, 'x-console-key': key };
          const sent = { method, headers, ...(method === 'GET' ? {} : { body }) };
          const { status } = await ask(local, `/console/api/events${path}`, sent);
          expect(status).toBeGreaterThanOrEqual(200);
          expect(status).toBeLessThan(500);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the link to an AWS account', () => {
  test('lets one page in, once, and nobody without it', async () => {
    const console = await openConsole({ source: quietSource('aws'), port: 0 });
    const token = new URL(console.url).hash.replace('#token=', '');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await post(console, 'admission', {})).status).toBe(401);
    expect((await post(console, 'admission', { token: 'x'.repeat(43) })).status).toBe(401);
    const key = await keyOf(console, token);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect((await post(console, 'admission', { token })).status).toBe(401);
    const headers = { 'x-console-key': key };
    expect((await ask(console, '/console/api/events', { headers })).status).toBe(200);
    await console.close();
  });

  test('keeps its token out of what is sent to the server when the page is opened', async () => {
    const { pathname, search, hash } = new URL(aws.url);
    expect([pathname, search]).toEqual(['/console/', '']);
    expect(hash).toContain('token=');
  });
});

describe('every answer', () => {
  test.each(['/console/', '/console/app.js', '/console/api/events', '/nothing'])(
    'of %s has a strict policy for what the browser may run, load and ask',
    async (path) => {
      const { headers } = await ask(local, path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );
});

test('the page weighs less than 200 KB compressed, and names no other host', async () => {
  const files = await buildPage();
  const bytes = [...files.values()].reduce((sum, { gzipped }) => sum + gzipped.length, 0);
  expect(bytes).toBeGreaterThan(5_000);
  expect(bytes).toBeLessThan(200_000);
  for (const { body } of files.values()) {
    const hosts = body.toString().match(/https?:\/\/[\w.-]+/g) ?? [];
    // The names of XML's vocabularies, and where an error of the router is documented: never requested.
    const named = new Set(['http://www.w3.org', 'https://github.com']);
    expect(hosts.filter((host) => !named.has(host))).toEqual([]);
  }
});
