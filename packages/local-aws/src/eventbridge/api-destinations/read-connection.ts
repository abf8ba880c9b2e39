import type { JsonObject } from '../../aws-service.ts';
import { validationError } from '../eventbridge-error.ts';
import {
  field,
  objectList,
  optionalFlag,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../request.ts';
import {
  type Authorization,
  checkEndpoint,
  type HttpParameters,
  type Parameter,
} from './connection.ts';

/** API reference, CreateConnection and its structures. */
const short = { max: 512 };
const maxParameters = 100;
/** Header names and values must not break the request apart. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Reads the authorization parameters of CreateConnection, or of UpdateConnection, where omitted
 * members stay unchanged.
 */
export function readAuthorization(
  type: Authorization['type'],
  parameters: JsonObject,
  before?: Authorization,
): Authorization {
  const same = before?.type === type ? before : undefined;
  switch (type) {
    case 'API_KEY':
      return readApiKey(parameters, same as Narrow<'API_KEY'> | undefined);
    case 'BASIC':
      return readBasic(parameters, same as Narrow<'BASIC'> | undefined);
    default:
      return readOAuth(parameters, same as Narrow<'OAUTH_CLIENT_CREDENTIALS'> | undefined);
  }
}

type Narrow<Type extends Authorization['type']> = Extract<Authorization, { type: Type }>;

const textOr = (input: JsonObject, name: string, before: string | undefined) =>
  optionalText(input, name, short) ?? before ?? requiredText(input, name, short);

/** The structure for the authorization type; on an update it may be left out. */
const structure = (parameters: JsonObject, name: string, before: unknown) =>
  before ? (optionalObject(parameters, name) ?? {}) : requiredObject(parameters, name);

function readApiKey(parameters: JsonObject, before?: Narrow<'API_KEY'>): Authorization {
  const given = structure(parameters, 'ApiKeyAuthParameters', before);
  const name = textOr(given, 'ApiKeyName', before?.name);
  const value = textOr(given, 'ApiKeyValue', before?.value);
  checkHeader({ key: name, value });
  return { type: 'API_KEY', name, value };
}

function readBasic(parameters: JsonObject, before?: Narrow<'BASIC'>): Authorization {
  const given = structure(parameters, 'BasicAuthParameters', before);
  return {
    type: 'BASIC',
    username: textOr(given, 'Username', before?.username),
    password: textOr(given, 'Password', before?.password),
  };
}

function readOAuth(
  parameters: JsonObject,
  before?: Narrow<'OAUTH_CLIENT_CREDENTIALS'>,
): Authorization {
  const given = structure(parameters, 'OAuthParameters', before);
  const client = structure(given, 'ClientParameters', before);
  const endpoint =
    optionalText(given, 'AuthorizationEndpoint', { max: 2048 }) ??
    before?.endpoint ??
    requiredText(given, 'AuthorizationEndpoint');
  checkEndpoint(endpoint, 'AuthorizationEndpoint');
  const methods = { oneOf: ['GET', 'POST', 'PUT'] };
  return {
    type: 'OAUTH_CLIENT_CREDENTIALS',
    clientId: textOr(client, 'ClientID', before?.clientId),
    clientSecret: textOr(client, 'ClientSecret', before?.clientSecret),
    endpoint,
    method:
      optionalText(given, 'HttpMethod', methods) ??
      before?.method ??
      requiredText(given, 'HttpMethod', methods),
    http: readHttpParameters(given, 'OAuthHttpParameters', before?.http),
  };
}

const noParameters: HttpParameters = { headers: [], query: [], body: [] };

export function readHttpParameters(
  input: JsonObject,
  name: string,
  before: HttpParameters = noParameters,
): HttpParameters {
  const given = optionalObject(input, name);
  if (!given) {
    return before;
  }
  const headers = readParameters(given, 'HeaderParameters');
  for (const header of headers) {
    checkHeader(header);
  }
  return {
    headers,
    query: readParameters(given, 'QueryStringParameters'),
    body: readParameters(given, 'BodyParameters'),
  };
}

function readParameters(input: JsonObject, name: string): Parameter[] {
  if (field(input, name) === undefined) {
    return [];
  }
  return objectList(input, name, 0, maxParameters).map((parameter) => ({
    key: requiredText(parameter, 'Key', short),
    value: optionalText(parameter, 'Value', { min: 0, max: 2048 }) ?? '',
    isSecret: optionalFlag(parameter, 'IsValueSecret'),
  }));
}

/** Throws ValidationException for text that cannot be a header; the message does not repeat it. */
export function checkHeader({ key, value }: Pick<Parameter, 'key' | 'value'>): void {
  if (!headerName.test(key) || !headerValue.test(value)) {
    throw validationError('A header parameter is not valid in an HTTP request.');
  }
}
