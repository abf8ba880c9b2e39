import type { JsonObject } from '../../aws-service.ts';
import {
  field,
  objectList,
  optionalFlag,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
  validationError,
} from '../request.ts';
import type { Authorization, HttpParameters, Parameter } from '../resources.ts';

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

/** API reference, CreateConnection and its structures. */
const short = { max: 512 };
const maxParameters = 100;
/** The characters of a header's name. Others could end the header and begin another. */
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
  if (type === 'API_KEY') {
    return readApiKey(parameters, before?.type === type ? before : undefined);
  }
  return readBasic(parameters, before?.type === type ? before : undefined);
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
function checkHeader({ key, value }: Pick<Parameter, 'key' | 'value'>): void {
  if (!headerName.test(key) || !headerValue.test(value)) {
    throw validationError('A header parameter is not valid in an HTTP request.');
  }
}
