import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { readBody } from '../endpoint/incoming-request.ts';
import { compileAccessLog, type ServedRequest } from './access-log.ts';
import {
  type HttpApiSettings,
  RouteTable,
  type StageSettings,
  type Throttle,
} from './http-api-plan.ts';
import {
  callFunction,
  type FunctionPort,
  readFunctionResponse,
  readRestResponse,
} from './lambda-integration.ts';
import {
  buildRequestEvent,
  buildRestEvent,
  countHeaderBytes,
  newRequestId,
  type RequestFacts,
  readRequestFacts,
} from './request-event.ts';
import {
  type ApiResponse,
  answerPreflight,
  applyCors,
  errorResponsesOf,
  headersTooLarge,
  internalServerError,
  isPreflight,
  refuseMalformed,
  sendResponse,
  tooLarge,
} from './responses.ts';

/** The dependencies of an HTTP API. */
export interface HttpApiOptions {
  readonly settings: HttpApiSettings;
  readonly clock: Clock;
  readonly functions: FunctionPort;
  /** Receives each line of the access log, if the stage has a format. @default dropped */
  readonly accessLog?: (line: string) => void;
  /** Called for each request that was answered, whether or not there is an access log. */
  readonly onServed?: (request: ServedRequest) => void;
  /**
   * Answers requests that are not for the API (`/health`) itself: returns true (or a promise of it)
   * for those, before anything else is done with them. @default none
   */
  readonly intercept?: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => boolean | Promise<boolean>;
}

/** Quotas of HTTP APIs (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const maxBodyBytes = 10 * 1024 * 1024;
const maxHeaderBytes = 10_240;
const maxTimeoutMs = 30_000;

/** An API Gateway HTTP API on this machine: routes HTTP requests to Lambda functions. */
export class HttpApi {
  readonly #options: HttpApiOptions;
  #settings!: HttpApiSettings;
  #routes!: RouteTable;
  #throttle!: RequestThrottle;
  #logLine: ((request: ServedRequest) => string) | undefined;
  readonly #server: Server;
  /** Requests that a function is processing; closing waits for them. */
  readonly #called = new Set<IncomingMessage>();
  #onAnswered = () => {};

  /** Throws if a route key is malformed. */
  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.update(options.settings);
    // Node's limit on headers is above AWS's, so that this class sends the response.
    this.#server = createServer({
      maxHeaderSize: 64 * 1024,
      keepAliveTimeout: 60_000,
      headersTimeout: 30_000,
      requestTimeout: 120_000,
    });
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('checkContinue', (request, response) => {
      void this.#serve(request, response, () => response.writeContinue());
    });
    this.#server.on('clientError', refuseMalformed);
  }

  /**
   * Applies new settings to later requests; the port stays open. Throws if a route key is
   * malformed; the old settings then stay.
   */
  update(settings: HttpApiSettings): void {
    this.#routes = new RouteTable(settings.routes);
    this.#settings = settings;
    this.#throttle = new RequestThrottle(settings.stage, this.#options.clock);
    const { accessLogFormat } = settings.stage;
    this.#logLine = accessLogFormat ? compileAccessLog(accessLogFormat, settings) : undefined;
  }

  /**
   * Resolves when the server listens. Port 0 selects any free port. Rejects if the port is in use.
   */
  async listen(port: number, host = '127.0.0.1'): Promise<AddressInfo> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return this.#server.address() as AddressInfo;
  }

  /**
   * Accepts no more requests, and resolves when those that reached a function have been answered.
   */
  async close(): Promise<void> {
    if (!this.#server.listening) {
      return;
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    this.#onAnswered = () => {
      if (this.#called.size === 0) {
        resolve();
      }
    };
    this.#onAnswered();
    await answered;
    this.#server.closeAllConnections();
    await closed;
  }

  /** `askForBody` is set if the client waits for `100 Continue` before it sends its body. */
  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    askForBody = () => {},
  ): Promise<void> {
    const startedAt = performance.now();
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      if (await this.#options.intercept?.(request, response)) {
        return;
      }
      const facts = readRequestFacts(request, this.#options.clock.now());
      const served = await this.#answer(request, facts, askForBody);
      if (!served) {
        return;
      }
      const { answer, ...rest } = served;
      const sent = sendResponse(response, answer, facts.requestId);
      this.#report({
        facts,
        ...rest,
        error: answer.error,
        status: answer.statusCode,
        responseLength: answer.body.length,
        responseLatencyMs: Math.round(performance.now() - startedAt),
      });
      await sent;
    } catch {
      if (response.headersSent) {
        response.destroy();
      } else {
        await sendResponse(response, internalServerError, newRequestId());
      }
    } finally {
      this.#called.delete(request);
      this.#onAnswered();
    }
  }

  /** Undefined when the client has gone before its request was complete. */
  async #answer(
    request: IncomingMessage,
    facts: RequestFacts,
    askForBody: () => void,
  ): Promise<Served | undefined> {
    const { functions } = this.#options;
    const settings = this.#settings;
    const { origin } = request.headers;
    if (countHeaderBytes(request) > maxHeaderBytes) {
      return { answer: headersTooLarge };
    }
    const cors = settings.corsConfiguration;
    if (cors && origin && isPreflight(request)) {
      return { answer: answerPreflight(origin, cors) };
    }

    const match = this.#routes.match(facts.method, this.#withoutStage(facts.path));
    const errors = errorResponsesOf(settings.kind, settings.responseHeaders);
    if (!match) {
      return { answer: errors.noRoute };
    }
    const { routeKey, functionArn, timeoutMs = maxTimeoutMs } = match.route;
    const route = { routeKey, accountId: functionArn.split(':')[4] };
    if (!this.#throttle.admit(routeKey)) {
      return { answer: errors.throttled, ...route };
    }

    const body = await readBody(request, maxBodyBytes, askForBody);
    if (body === 'aborted') {
      return undefined;
    }
    if (body === 'too large') {
      return { answer: tooLarge, ...route };
    }
    const [buildEvent, readResponse] =
      settings.kind === 'rest-api'
        ? [buildRestEvent, readRestResponse]
        : [buildRequestEvent, readFunctionResponse];
    const event = buildEvent(request, facts, match, body, settings);
    const call = { functionArn, event, timeoutMs, traceId: facts.traceId, readResponse, errors };
    this.#called.add(request);
    const { answer, integration } = await callFunction(functions, call);
    return {
      answer: cors ? applyCors(answer, origin, cors) : answer,
      integration,
      requestLength: body.length,
      ...route,
    };
  }

  /**
   * The path that routes are matched against. A named stage is the first segment of the path at the
   * API's own domain, but not at a custom domain: both forms are accepted.
   */
  #withoutStage(full: string): string {
    const { kind, stage } = this.#settings;
    // A REST API ignores a slash at the end of a path; for an HTTP API it is another path.
    const path = kind === 'rest-api' ? full.replace(/(?<=.)\/$/, '') : full;
    if (stage.name === '$default') {
      return path;
    }
    if (path === `/${stage.name}`) {
      return '/';
    }
    return path.startsWith(`/${stage.name}/`) ? path.slice(stage.name.length + 1) : path;
  }

  #report(served: ServedRequest): void {
    this.#options.onServed?.(served);
    if (this.#logLine) {
      this.#options.accessLog?.(this.#logLine(served));
    }
  }
}

type Served = Pick<ServedRequest, 'routeKey' | 'accountId' | 'integration' | 'requestLength'> & {
  readonly answer: ApiResponse;
};

/** The quota of an account in most Regions, which holds where a stage sets none. */
const accountRate = 10_000;
const accountBurst = 5_000;

/**
 * Throttles requests with token buckets, as a stage does
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html): each
 * route has a bucket of its own, with the route's settings or else the stage's default.
 */
export class RequestThrottle {
  readonly #stage: StageSettings;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(stage: StageSettings, clock: Clock) {
    this.#stage = stage;
    this.#clock = clock;
  }

  /** Takes a token for this route; false when the request must be throttled. */
  admit(routeKey: string): boolean {
    let bucket = this.#buckets.get(routeKey);
    if (!bucket) {
      bucket = new TokenBucket({ ...this.#stage.throttle, ...this.#routeThrottle(routeKey) });
      this.#buckets.set(routeKey, bucket);
    }
    return bucket.take(this.#clock.now());
  }

  #routeThrottle(routeKey: string): Throttle | undefined {
    const settings = this.#stage.routeSettings;
    return settings && Object.hasOwn(settings, routeKey) ? settings[routeKey] : undefined;
  }
}

/** Holds up to `burstLimit` tokens and gets `rateLimit` new ones each second. */
class TokenBucket {
  readonly #rate: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number | undefined;

  constructor({ rateLimit = accountRate, burstLimit = accountBurst }: Throttle) {
    this.#rate = rateLimit;
    this.#capacity = burstLimit;
    this.#tokens = burstLimit;
  }

  take(now: number): boolean {
    const passed = Math.max(0, now - (this.#filledAt ?? now));
    this.#filledAt = now;
    this.#tokens = Math.min(this.#capacity, this.#tokens + (passed * this.#rate) / 1000);
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
