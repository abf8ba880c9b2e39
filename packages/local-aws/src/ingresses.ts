import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { browserRequestOf, hasLoopbackHost } from './endpoint/incoming-request.ts';
import { listenOrExplain } from './endpoint/listen-or-explain.ts';
import { HttpApi } from './http-api/http-api.ts';
import { type HttpApiPlan, httpApiSettingsOf } from './http-api/http-api-plan.ts';
import type { LambdaService } from './lambda/lambda-service.ts';
import type { LocalObserver } from './services.ts';

/** The settings of the ingresses. */
interface IngressOptions {
  /** Port of the first; further ones follow. 0 selects any free port. */
  readonly firstPort: number;
  /** Address to listen at. */
  readonly host: string;
  readonly clock: Clock;
  readonly lambda: LambdaService;
  readonly observer: LocalObserver;
  /** Where `GET /console` redirects to. */
  readonly consoleUrl?: () => string | undefined;
}

interface IngressEndpoint {
  readonly api: HttpApi;
  readonly name: string;
  /** Its URL in AWS. */
  readonly origin: string;
  readonly url: string;
}

/** The HTTP APIs and function URLs of the templates, each on its own port. */
export class Ingresses {
  readonly #options: IngressOptions;
  readonly #ingresses = new Map<string, IngressEndpoint>();
  #nextPort: number;

  constructor(options: IngressOptions) {
    this.#options = options;
    this.#nextPort = options.firstPort;
  }

  /** Their URLs by name, in the order in which they were opened. */
  get urls(): ReadonlyMap<string, string> {
    return new Map([...this.#ingresses.values()].map(({ name, url }) => [name, url]));
  }

  /** Opens new ingresses, updates existing ones without closing them, and closes removed ones. */
  async update(plans: ReadonlyMap<string, HttpApiPlan>): Promise<void> {
    for (const plan of [...plans.values()].sort(functionUrlsLast)) {
      const settings = httpApiSettingsOf(plan);
      const present = this.#ingresses.get(plan.apiId);
      if (present) {
        present.api.update(settings);
      } else {
        await this.#open(plan);
      }
    }
    for (const [id, { api }] of this.#ingresses) {
      if (plans.has(id)) {
        continue;
      }
      this.#ingresses.delete(id);
      await api.close();
    }
  }

  /** Replaces the URLs that the ingresses have in AWS by the local ones. */
  localize(text: string): string {
    let local = text;
    for (const { origin, url } of this.#ingresses.values()) {
      local = local.replaceAll(origin, url);
    }
    return local;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ingresses.values()].map(({ api }) => api.close()));
  }

  async #open(plan: HttpApiPlan): Promise<void> {
    const { clock, lambda, observer, consoleUrl, host } = this.#options;
    const api = new HttpApi({
      settings: httpApiSettingsOf(plan),
      clock,
      functions: lambda,
      // Without an observer the line is not formatted.
      ...(observer.accessLogged && { accessLog: (line) => observer.accessLogged?.(line) }),
      ...(observer.served && { onServed: (request) => observer.served?.(request) }),
      intercept: (request, response) =>
        answerHealth(request, response) ||
        redirectToConsole(request, response, consoleUrl?.()) ||
        // A template with CORS opens its API to web pages, and says to which.
        (plan.corsConfiguration === undefined && refuseWebPage(request, response, observer)),
    });
    const { port } = await listenOrExplain(
      (wanted) => api.listen(wanted, host),
      this.#nextPort,
      'PORT',
    );
    if (this.#nextPort !== 0) {
      this.#nextPort += 1;
    }
    const isTaken = this.urls.has(plan.name);
    this.#ingresses.set(plan.apiId, {
      api,
      name: isTaken ? `${plan.name} ${plan.apiId}` : plan.name,
      origin: plan.origin,
      url: `http://${addressOf(host)}:${port}`,
    });
  }
}

/** HTTP APIs come first, before function URLs. */
const functionUrlsLast = (a: HttpApiPlan, b: HttpApiPlan) =>
  Number(a.kind === 'function-url') - Number(b.kind === 'function-url');

/** `GET /health` reports that every resource of the template is running. AWS has no such route. */
function answerHealth(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.url !== '/health' || request.method !== 'GET') {
    return false;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ready"}');
  return true;
}

/**
 * Redirects a browser to the console, which has its own port. Users open a tunnel to the ingress,
 * and the console must not be reachable through it.
 */
function redirectToConsole(
  request: IncomingMessage,
  response: ServerResponse,
  url: string | undefined,
): boolean {
  if (url === undefined || request.method !== 'GET') {
    return false;
  }
  if (request.url !== '/console' && request.url !== '/console/') {
    return false;
  }
  if (!hasLoopbackHost(request.headers)) {
    return false;
  }
  response.writeHead(302, { location: url }).end();
  return true;
}

/** Where programs on this machine reach an ingress that listens at an address. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') {
    return '127.0.0.1';
  }
  return host.includes(':') ? `[${host}]` : host;
}

/** Refuses what a web page sends: it could post a forged webhook, or try secrets. */
function refuseWebPage(
  request: IncomingMessage,
  response: ServerResponse,
  observer: LocalObserver,
): boolean {
  const from = browserRequestOf(request.headers);
  if (!from) {
    return false;
  }
  const { method = 'GET', url = '/' } = request;
  observer.refused?.({ ...from, method, path: url.split('?')[0] ?? '/' });
  // The connection ends: its body is not read.
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
  response.end('{"message":"The local run does not answer web pages."}');
  return true;
}
