import { own, ownText } from '../../events/own.ts';
import { printable } from '../printable.ts';

/** Timeouts of requests to WAHA, in milliseconds: an update stops and starts the session's engine. */
const timeoutMs = { read: 10_000, write: 120_000 } as const;

/** Thrown when a WAHA server refuses a request or does not answer. The message is written for users. */
export class WahaError extends Error {
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'WahaError';
    this.status = status;
  }
}

/**
 * Client of WAHA's sessions API (https://waha.devlike.pro/docs/how-to/sessions/). Responses are untrusted;
 * callers validate them.
 */
export class WahaServer {
  readonly #base: URL;
  readonly #apiKey: string | undefined;

  /** @throws WahaError when the URL is not valid */
  constructor(url: string, apiKey: string | undefined) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new WahaError(
        `"${printable(url)}" is not the URL of a WAHA server, such as http://localhost:3000.`,
      );
    }
    this.#base = new URL(url.endsWith('/') ? url : `${url}/`);
    this.#apiKey = apiKey || undefined;
  }

  /** Every session, also those that are stopped. */
  sessions(): Promise<unknown> {
    return this.#call('GET', 'api/sessions?all=true');
  }

  /** One session; undefined where there is none of that name. */
  async session(name: string): Promise<unknown> {
    try {
      return await this.#call('GET', this.#path(name));
    } catch (error) {
      if (error instanceof WahaError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  /** Makes a session and starts it. */
  create(name: string, config: object): Promise<unknown> {
    return this.#call('POST', 'api/sessions', { name, start: true, config });
  }

  /** Replaces the full configuration of a session, and restarts it if it runs. */
  update(name: string, config: object): Promise<unknown> {
    return this.#call('PUT', this.#path(name), { config });
  }

  start(name: string): Promise<unknown> {
    return this.#call('POST', `${this.#path(name)}/start`);
  }

  restart(name: string): Promise<unknown> {
    return this.#call('POST', `${this.#path(name)}/restart`);
  }

  #path(session: string): string {
    return `api/sessions/${encodeURIComponent(session)}`;
  }

  async #call(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<unknown> {
    const response = await fetch(new URL(path, this.#base), {
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(this.#apiKey !== undefined && { 'x-api-key': this.#apiKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // Does not follow redirects: the API key is for this server only.
      redirect: 'error',
      signal: AbortSignal.timeout(method === 'GET' ? timeoutMs.read : timeoutMs.write),
    }).catch((error: Error) => {
      const { code, message } = (error.cause ?? error) as { code?: string; message?: string };
      throw new WahaError(
        `No WAHA server answers at ${this.#base.origin} (${code ?? message}). Is it started, and is the port right?`,
        undefined,
        error,
      );
    });
    const text = await response.text();
    if (response.status === 401 || response.status === 403) {
      throw new WahaError(
        this.#apiKey === undefined
          ? 'The WAHA server requires an API key. Set WAHA_API_KEY, or give --api-key.'
          : 'The WAHA server refuses the API key. Use the one in its variable WAHA_API_KEY (not its hash).',
        response.status,
      );
    }
    const answer = parse(text);
    if (!response.ok) {
      const what = `${method} ${path.replace(/\?.*/, '')}`;
      const hint =
        response.status === 404 && this.#base.pathname !== '/'
          ? ` Is ${this.#base.pathname} part of its URL? Usually it is ${this.#base.origin}.`
          : '';
      throw new WahaError(
        `The WAHA server answers ${response.status} to ${what}${reasonIn(answer)}${hint}`,
        response.status,
      );
    }
    if (answer === undefined && text !== '') {
      throw new WahaError(
        `The server at ${this.#base.origin} is not a WAHA server: its response is not JSON.`,
      );
    }
    return answer;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason in WAHA's error response: `message` is a text or a list of texts. */
function reasonIn(answer: unknown): string {
  const message = own(answer, 'message');
  const text = Array.isArray(message) ? message.map(String).join('; ') : ownText(answer, 'message');
  return text === undefined ? '.' : `: ${printable(text, 300)}`;
}
