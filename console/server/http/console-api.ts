import type { IncomingMessage, ServerResponse } from 'node:http';
import { own } from '../../../events/own.ts';
import type { ConsoleContext } from '../console-context.ts';
import { readCount, readEventFilter } from '../routes/read-asked.ts';
import { routes } from '../routes/routes.ts';
import { refuse, sendJson } from './answer.ts';
import { type Admission, isLetIn } from './guard.ts';
import { reportLive } from './live.ts';
import { readJsonBody } from './read-json-body.ts';

/** Answers what the page asks, if it was let in. */
export class ConsoleApi {
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
    if (!isLetIn(request.headers, this.#admission.key)) {
      return refuse(response, 401, 'Open the console by the link that the command has printed.');
    }
    const reveal = mode === 'local' || query.get('reveal') === 'yes';
    if (requested === 'GET live') {
      return this.#live(query, reveal, response);
    }
    const route = routes.get(requested);
    if (!route) {
      return refuse(response, 404, `There is no ${name.slice(0, 100)} to ask for.`);
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
