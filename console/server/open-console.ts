import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenOrExplain } from '@event-fanout/local-aws/listen';
import { own } from '../../events/own.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import type { ConsoleContext } from './console-context.ts';
import { refuse, securityHeaders, sendFile, sendJson } from './http/answer.ts';
import { buildPage, filePaths } from './http/build-page.ts';
import { type Admission, createAdmission, isAuthorized, refuseUntrusted } from './http/guard.ts';
import { reportLive } from './http/live.ts';
import { BadRequest, readCount, readEventFilter, readJsonBody } from './http/read-request.ts';
import { Jobs } from './jobs.ts';
import { PipelineView } from './pipeline/pipeline-view.ts';
import { Purges } from './purges.ts';
import { routes } from './routes/routes.ts';
import type { ConsoleSource } from './source/console-source.ts';

/** The options of the console. */
export interface ConsoleOptions {
  readonly source: ConsoleSource;
  /** 0 selects any free port. */
  readonly port: number;
}

/** The running console. */
export interface OpenConsole {
  /** Its URL; for an AWS account with the token that admits one page. */
  readonly url: string;
  close(): Promise<void>;
}

/** The path below which the console is served. */
const base = '/console';

/**
 * Serves the console on loopback.
 *
 * @throws when the port is in use: says what to do
 */
export async function openConsole({ source, port: wanted }: ConsoleOptions): Promise<OpenConsole> {
  const files = buildPage();
  // A failure is reported when the page is first requested.
  files.catch(() => {});
  const admission = createAdmission(source.mode === 'aws');
  const context: ConsoleContext = {
    ...{ source, view: new PipelineView(source), jobs: new Jobs(), purges: new Purges() },
  };
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

/** Answers the requests of an authenticated page. */
class ConsoleApi {
  readonly #context: ConsoleContext;
  readonly #admission: Admission;
  readonly #watchers = new Set<ServerResponse>();

  constructor(context: ConsoleContext, admission: Admission) {
    this.#context = context;
    this.#admission = admission;
  }

  /** @throws BadRequest, and whatever AWS says */
  async answer(
    name: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const requested = `${request.method} ${name}`;
    const { mode } = this.#context.source;
    if (requested === 'POST admission') {
      const key = this.#admission.admit(own(await readJsonBody(request), 'token'));
      if (key !== undefined) {
        return sendJson(response, { key, mode });
      }
      return refuse(
        response,
        401,
        'This link was used before, or is of an earlier run. Start the command again.',
      );
    }
    if (!isAuthorized(request.headers, this.#admission.key)) {
      return refuse(response, 401, 'Open the console by the link that the command has printed.');
    }
    const reveal = mode === 'local' || query.get('reveal') === 'yes';
    if (requested === 'GET live') {
      return this.#live(query, reveal, response);
    }
    const route = routes.get(requested);
    if (!route) {
      return refuse(response, 404, `There is no ${name.slice(0, 100)}.`);
    }
    const body = request.method === 'POST' ? await readJsonBody(request) : {};
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    sendJson(response, await route(this.#context, { query, body, reveal, signal: gone.signal }));
  }

  async #live(query: URLSearchParams, reveal: boolean, response: ServerResponse): Promise<void> {
    const { source } = this.#context;
    this.#watchers.add(response);
    response.once('close', () => {
      this.#watchers.delete(response);
      if (this.#watchers.size === 0) {
        source.unwatch().catch(() => {});
      }
    });
    if (this.#watchers.size === 1) {
      await source.watch();
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    const { lastSeq, changes } = source.journal;
    const from = {
      seq: Math.min(readCount(query, 'head', lastSeq) ?? lastSeq, lastSeq),
      changes: readCount(query, 'changes', changes) ?? changes,
    };
    reportLive(this.#context, response, { filter: readEventFilter(query), reveal, from });
  }
}
