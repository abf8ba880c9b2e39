import type { Clock } from '../../clock.ts';
import { DeliveryError } from '../delivery/delivery-error.ts';
import { basic } from './build-request.ts';
import type { Authorization, Connection } from './connection.ts';
import { type HttpAnswer, sendRequest } from './send-request.ts';

type OAuth = Extract<Authorization, { type: 'OAUTH_CLIENT_CREDENTIALS' }>;

interface Token {
  readonly header: string;
  readonly expiresAt: number;
  /** A changed connection needs another token. */
  readonly modifiedAt: number;
}

/** Lifetime of a token whose response has no `expires_in`. */
const defaultLifetimeSeconds = 300;

/** Exchanges client credentials for access tokens and keeps these until they expire. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #timeoutMs: number | undefined;
  readonly #tokens = new Map<string, Promise<Token>>();

  constructor(clock: Clock, timeoutMs?: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** The header `Authorization` for a connection. Rejects with {@link DeliveryError}. */
  async header(connection: Connection, authorization: OAuth): Promise<string> {
    const known = await this.#tokens.get(connection.id)?.catch(() => undefined);
    const isGood =
      known && known.expiresAt > this.#clock.now() && known.modifiedAt === connection.modifiedAt;
    if (isGood) {
      return known.header;
    }
    const fetched = this.#fetch(connection, authorization);
    this.#tokens.set(connection.id, fetched);
    return (await fetched).header;
  }

  /** "OAUTH tokens are refreshed when a 401 or 407 response is returned." */
  forget(connection: Connection): void {
    this.#tokens.delete(connection.id);
  }

  async #fetch(connection: Connection, authorization: OAuth): Promise<Token> {
    const answer = await sendRequest(tokenRequest(authorization), this.#timeoutMs);
    const { access_token: token, token_type: type, expires_in: lifetime } = readToken(answer);
    if (answer.status >= 300 || typeof token !== 'string' || /[^\x21-\x7e]/.test(token)) {
      throw new DeliveryError(
        'SDK_CLIENT_ERROR',
        `The authorization endpoint gave no access token, but status ${answer.status}.`,
        'with-backoff',
      );
    }
    const seconds = Number(lifetime) > 0 ? Number(lifetime) : defaultLifetimeSeconds;
    const scheme = typeof type === 'string' && /^[A-Za-z]+$/.test(type) ? type : 'Bearer';
    return {
      header: `${scheme === 'bearer' ? 'Bearer' : scheme} ${token}`,
      expiresAt: this.#clock.now() + seconds * 1000,
      modifiedAt: connection.modifiedAt,
    };
  }
}

/** OAuth 2.0, RFC 6749 section 4.4, with the client's credentials in the header `Authorization`. */
function tokenRequest(authorization: OAuth) {
  const { clientId, clientSecret, endpoint, method, http } = authorization;
  const url = new URL(endpoint);
  for (const { key, value } of http.query) {
    url.searchParams.set(key, value);
  }
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  for (const { key, value } of http.body) {
    form.set(key, value);
  }
  return {
    method,
    url,
    headers: {
      Authorization: basic(clientId, clientSecret),
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
      ...Object.fromEntries(http.headers.map(({ key, value }) => [key, value])),
    },
    body: form.toString(),
  };
}

function readToken({ body }: HttpAnswer): { readonly [name: string]: unknown } {
  try {
    const token: unknown = JSON.parse(body);
    return typeof token === 'object' && token !== null ? { ...token } : {};
  } catch {
    return {};
  }
}
