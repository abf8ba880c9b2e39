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

/** How a connection authorizes its requests. */
export type Authorization =
  | { readonly type: 'API_KEY'; readonly name: string; readonly value: string }
  | { readonly type: 'BASIC'; readonly username: string; readonly password: string }
  | {
      readonly type: 'OAUTH_CLIENT_CREDENTIALS';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly endpoint: string;
      readonly method: string;
      readonly http: HttpParameters;
    };

/**
 * A connection. Its secrets are in the local store (in AWS: in Secrets Manager); no action returns
 * them.
 */
export interface Connection {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly description?: string;
  readonly type: Authorization['type'];
  /** Undefined when the connection was deauthorized. */
  readonly authorization?: Authorization;
  readonly invocation: HttpParameters;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly authorizedAt: number;
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
 * Checks the URL of an API destination or of its authorization. As on AWS it must be HTTPS; on this
 * machine itself, where a developer's server has no certificate, HTTP will do.
 */
export function checkEndpoint(text: string, member: string): void {
  // An asterisk is the placeholder of a path parameter's value.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  if (!url || !isAllowed || url.username !== '' || url.password !== '') {
    throw validationError(
      `Parameter ${member} is not valid. Reason: it must be an HTTPS URL without credentials, or an HTTP URL of this machine.`,
    );
  }
}
