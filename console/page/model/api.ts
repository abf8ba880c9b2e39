/** The server's response to a request that it refuses. */
export class ConsoleError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'ConsoleError';
    this.status = status;
  }
}

const base = '/console/api';
const admission = 'admission';

/**
 * Kept for reloads and for links that are opened in another tab. Storage belongs to this port's pages;
 * a cookie would belong to all ports. It is invalid once the server has stopped.
 */
const storageName = 'console-key';
let key = localStorage.getItem(storageName) ?? '';

/** The key of the server that answers. A server that was started again has another one. */
export const serverKey = (): string => key;

/** Authenticates, with the token of the link, or without one for a local run. @throws ConsoleError */
export async function enter(): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token !== undefined) {
    history.replaceState(null, '', location.pathname + location.search);
  } else if (key !== '') {
    return;
  }
  await enterAnew(token);
}

/** Authenticates again after the server has restarted. */
async function enterAnew(token?: string): Promise<void> {
  const admitted = await request<{ readonly key: string }>(admission, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  key = admitted.key;
  localStorage.setItem(storageName, key);
}

/** Sends a GET request. @throws ConsoleError */
export function get<Answer>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<Answer> {
  return request<Answer>(`${path}${writeQuery(query)}`, { signal });
}

/** Sends a POST request. @throws ConsoleError */
export function post<Answer>(path: string, body: object, query: Query = {}): Promise<Answer> {
  return request<Answer>(`${path}${writeQuery(query)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Opens a streaming response (NDJSON). @throws ConsoleError */
export async function open(path: string, query: Query, signal: AbortSignal): Promise<Response> {
  return ask(`${path}${writeQuery(query)}`, { signal });
}

/** Query parameters; undefined ones are omitted. */
export type Query = Readonly<Record<string, string | number | undefined>>;

function writeQuery(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function request<Answer>(path: string, init: RequestInit): Promise<Answer> {
  return (await ask(path, init)).json() as Promise<Answer>;
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const used = key;
  let response = await send(path, init);
  if (response.status !== 401 || path === admission) {
    return checked(response);
  }
  // The server was restarted, and another tab may have its key already.
  const stored = localStorage.getItem(storageName) ?? '';
  if (stored !== '' && stored !== used) {
    key = stored;
    response = await send(path, init);
    if (response.status !== 401) {
      return checked(response);
    }
  }
  // A local run admits its page without a token.
  await enterAnew();
  return checked(await send(path, init));
}

function send(path: string, init: RequestInit): Promise<Response> {
  return fetch(`${base}/${path}`, { ...init, headers: { ...init.headers, 'x-console-key': key } });
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) {
    return response;
  }
  const { error = `The console answered ${response.status}.` } = await response
    .json()
    .catch(() => ({}));
  throw new ConsoleError(String(error), response.status);
}
