import { validationError } from '../eventbridge-error.ts';

/** A header, query or body parameter that a connection adds to each request. */
export interface Parameter {
  readonly key: string;
  readonly value: string;
  readonly isSecret: boolean;
}

export interface HttpParameters {
  readonly headers: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly body: readonly Parameter[];
}

/** How a connection authorizes its requests: a header with a key, or HTTP basic authentication. */
export type Authorization =
  | { readonly type: 'API_KEY'; readonly name: string; readonly value: string }
  | { readonly type: 'BASIC'; readonly username: string; readonly password: string };

/**
 * A connection. Its secrets are in the local store (in AWS: in Secrets Manager); no action returns
 * them.
 */
export interface Connection {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly description?: string;
  readonly authorization: Authorization;
  readonly invocation: HttpParameters;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface ApiDestination {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly description?: string;
  readonly connection: string;
  readonly endpoint: string;
  readonly method: string;
  readonly ratePerSecond: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Checks the URL of an API destination. In AWS it must be HTTPS. For a server on this machine HTTP
 * is accepted too, because a developer's server has no certificate.
 */
export function checkEndpoint(text: string): void {
  // An asterisk is the placeholder of a path parameter's value.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  if (!url || !isAllowed || url.username !== '' || url.password !== '') {
    throw validationError(
      `Parameter InvocationEndpoint is not valid. Reason: it must be an HTTPS URL without credentials, or an HTTP URL of this machine.`,
    );
  }
}
