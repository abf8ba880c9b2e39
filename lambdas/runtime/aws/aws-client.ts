import { AwsError, NoAnswerError } from './aws-error.ts';
import type { Patience } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { credentialsFrom } from './credentials.ts';
import { type Endpoint, endpointOf, regionFrom } from './endpoint.ts';
import type { HttpResponse } from './response-reader.ts';
import { type Persistence, type RetryPorts, withRetries } from './retry.ts';
import { type Sign, Signer } from './signer.ts';
import { skewOf } from './skew.ts';

/** How a service is spoken to by the AWS JSON protocol. */
export interface JsonService {
  /** First label of its host, and the name that requests are signed for. */
  readonly name: string;
  /** Its name in `AWS_ENDPOINT_URL_<SERVICE>`. */
  readonly variable: string;
  /** Prefix of `x-amz-target`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/** How patient a client is, and how persistent. */
export interface ClientSettings extends Patience, Persistence {}

/** Input and output of each action of a service that is used here. */
export type Actions = Readonly<Record<string, { readonly input: object; readonly output: object }>>;

/** Calls one action of a service. @throws AwsError, NoAnswerError */
export type Call<A extends Actions> = <Name extends keyof A & string>(
  action: Name,
  input: A[Name]['input'],
) => Promise<A[Name]['output']>;

/** Characters from which text is made bytes once, for hashing, measuring and sending would each do so. */
const longText = 1_024;

/** What a test replaces. */
export interface ClientPorts extends RetryPorts {
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * A client of one service, as small as what the functions need of the SDK. Nothing is opened and no
 * variable is read before the first call.
 */
export function jsonClient<A extends Actions>(
  service: JsonService,
  settings: ClientSettings,
  ports: ClientPorts = {},
): Call<A> {
  const { environment = process.env, now = Date.now } = ports;
  const contentType = `application/x-amz-json-${service.version}`;
  let skewMs = 0;
  let opened: { endpoint: Endpoint; signer: Signer; pool: ConnectionPool } | undefined;
  const signs = new Map<string, Sign>();

  return (action, input) => {
    const text = JSON.stringify(input);
    const body = text.length < longText ? text : Buffer.from(text);
    return withRetries(() => attempt(action, body), settings, ports);
  };

  /** One try, and one more where the first could not be judged: see there. One promise for all of it. */
  async function attempt(action: string, body: string | Uint8Array) {
    let response: HttpResponse;
    try {
      response = await send(action, body);
    } catch (error) {
      if (!(error instanceof NoAnswerError) || !error.wasStale) throw error;
      response = await send(action, body);
    }
    const skew = response.status === 200 ? undefined : skewOf(response, now() + skewMs);
    if (skew !== undefined) {
      skewMs += skew;
      response = await send(action, body);
    }
    if (response.status !== 200) throw errorIn(response);
    // What a write is answered with: nothing, or `{}`.
    return response.body.length <= 2 ? {} : JSON.parse(String(response.body));
  }

  function send(action: string, body: string | Uint8Array): Promise<HttpResponse> {
    opened ??= open();
    let sign = signs.get(action);
    if (!sign) {
      sign = opened.signer.prepare({
        method: 'POST',
        path: '/',
        headers: {
          'content-type': contentType,
          host: opened.endpoint.host,
          'x-amz-target': `${service.target}.${action}`,
        },
      });
      signs.set(action, sign);
    }
    return opened.pool.send(sign(body, new Date(now() + skewMs)), body);
  }

  function open() {
    const region = regionFrom(environment);
    const endpoint = endpointOf(service.name, service.variable, region, environment);
    const signer = new Signer(service.name, region, credentialsFrom(environment));
    return { endpoint, signer, pool: new ConnectionPool(endpoint, settings) };
  }
}

/** AWS's error in a response of the JSON protocols (Smithy, "Operation error serialization"). */
export function errorIn({ status, headers, body }: HttpResponse): AwsError {
  const { __type, code, message, Message } = parse(body);
  const named = headers.get('x-amzn-errortype') ?? __type ?? code;
  const name = /^(?:.*#)?([\w.]+)/.exec(String(named ?? ''))?.[1] ?? `Http${status}`;
  const requestId = headers.get('x-amzn-requestid');
  return new AwsError(name, String(message ?? Message ?? name), status, requestId);
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A proxy's page, or nothing: the status says enough.
    return {};
  }
}
