import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenOrExplain } from '@event-fanout/local-aws/listen';
import { explainError } from '../../ops/aws/explain-error.ts';
import type { ConsoleContext } from './console-context.ts';
import { Jobs } from './dead-letters/jobs.ts';
import { refuse, securityHeaders, sendFile } from './http/answer.ts';
import { buildPage, filePaths } from './http/build-page.ts';
import { ConsoleApi } from './http/console-api.ts';
import { createAdmission, refuseUntrusted } from './http/guard.ts';
import { BadRequest } from './http/read-json-body.ts';
import { PipelineView } from './pipeline/pipeline-view.ts';
import type { ConsoleSource } from './source/console-source.ts';

/** What the console is opened with. */
export interface ConsoleOptions {
  readonly source: ConsoleSource;
  /** 0 takes any. */
  readonly port: number;
}

/** The console, where it can be looked at. */
export interface OpenConsole {
  /** Where it is; for an AWS account with the token that lets one page in. */
  readonly url: string;
  close(): Promise<void>;
}

/** Every path of the console is below this one. */
const base = '/console';

/**
 * Serves the console on loopback.
 *
 * @throws when the port is in use: says what to do
 */
export async function openConsole({ source, port: wanted }: ConsoleOptions): Promise<OpenConsole> {
  const files = buildPage();
  // A failure is reported by the first request for the page.
  files.catch(() => {});
  const admission = createAdmission(source.mode === 'aws');
  const context: ConsoleContext = { source, view: new PipelineView(source), jobs: new Jobs() };
  const api = new ConsoleApi(context, admission);
  let port = wanted;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) {
      response.setHeader(name, value);
    }
    const { pathname, searchParams } = readUrl(request.url);
    const isRoot = pathname === '/' || pathname === base;
    const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : '';
    // The page reads its view, and what is open in it, from the address.
    const isAddress = path !== '' && !path.startsWith('/api/') && !filePaths.has(path);
    const refused = refuseUntrusted(request.headers, port, isRoot || isAddress);
    if (refused) {
      return refuse(response, refused.status, refused.message);
    }
    if (isRoot) {
      response.writeHead(302, { location: `${base}/` }).end();
      return;
    }
    if (path.startsWith('/api/')) {
      return api.answer(path.slice('/api/'.length), searchParams, request, response);
    }
    const file = (await files).get(isAddress ? '/' : path);
    if (file && ['GET', 'HEAD'].includes(request.method ?? '')) {
      sendFile(file, request, response);
    } else {
      refuse(response, 404, `There is nothing at ${pathname.slice(0, 200)}.`);
    }
  }

  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    response.on('error', () => {});
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
      } else {
        refuse(response, statusOf(error), explainError(error).message);
      }
    });
  });
  port = await listenOrExplain(
    async (given) => {
      server.listen(given, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    wanted,
    'CONSOLE_PORT',
  );
  const token = admission.token === undefined ? '' : `#token=${admission.token}`;
  return {
    url: `http://127.0.0.1:${port}${base}/${token}`,
    async close() {
      await context.jobs.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await context.view.close();
      await source.close();
    },
  };
}

function readUrl(url = '/'): URL {
  const parsed = URL.parse(url, 'http://console');
  if (parsed) {
    return parsed;
  }
  throw new BadRequest('That is no address.');
}

const statusOf = (error: unknown) => (error instanceof BadRequest ? error.status : 502);
