import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import {
  checkEndpoint,
  readAuthorization,
  readHttpParameters,
} from '../api-destinations/connection.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import {
  alreadyExists,
  notFound,
  optionalInteger,
  optionalObject,
  optionalText,
  pageOf,
  readSlice,
  requiredObject,
  requiredText,
  type TextRule,
  validationError,
} from '../request.ts';
import type { ApiDestination, Authorization, Connection, HttpParameters } from '../resources.ts';

/** API reference, CreateConnection and CreateApiDestination. */
const nameRule: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
const descriptionRule = { min: 0, max: 512 };

function readType(type: string): Authorization['type'] {
  if (type === 'API_KEY' || type === 'BASIC') {
    return type;
  }
  throw validationError(
    `The local run has connections of the AuthorizationType API_KEY and BASIC only, not ${type.slice(0, 64)}.`,
  );
}

export function createConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', nameRule);
  const type = readType(requiredText(input, 'AuthorizationType'));
  const parameters = requiredObject(input, 'AuthParameters');
  const description = optionalText(input, 'Description', descriptionRule);
  const authorization = readAuthorization(type, parameters);
  const invocation = readHttpParameters(parameters, 'InvocationHttpParameters');
  const { connections } = context.resources;
  if (connections.get('', name)) {
    throw alreadyExists(`Connection ${name} already exists.`);
  }
  const now = context.now();
  const connection: Connection = {
    name,
    id: randomUUID(),
    authorization,
    invocation,
    createdAt: now,
    modifiedAt: now,
    ...(description !== undefined && { description }),
  };
  connections.put('', name, connection);
  const { LastAuthorizedTime: _, ...answer } = answerOf(context, connection);
  return answer;
}

export function updateConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const before = readConnection(context, input);
  const type = readType(optionalText(input, 'AuthorizationType') ?? before.authorization.type);
  const parameters = optionalObject(input, 'AuthParameters') ?? {};
  const description = optionalText(input, 'Description', descriptionRule) ?? before.description;
  const now = context.now();
  const connection = {
    ...before,
    authorization: readAuthorization(type, parameters, before.authorization),
    invocation: readHttpParameters(parameters, 'InvocationHttpParameters', before.invocation),
    modifiedAt: now,
    ...(description !== undefined && { description }),
  };
  context.resources.connections.put('', before.name, connection);
  return answerOf(context, connection);
}

export function deleteConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const connection = readConnection(context, input);
  context.resources.connections.delete('', connection.name);
  return { ...answerOf(context, connection), ConnectionState: 'DELETING' };
}

/** The connection of an ARN. Throws ResourceNotFoundException. */
function findConnection(context: EventBridgeContext, arn: string): Connection {
  const [name = '', id] = context.arns.idIn(arn, 'connection')?.split('/') ?? [];
  const connection = context.resources.connections.get('', name);
  if (!connection || connection.id !== id) {
    throw notFound(`Connection '${name}' does not exist.`);
  }
  return connection;
}

function readConnection(context: EventBridgeContext, input: JsonObject): Connection {
  const name = requiredText(input, 'Name', nameRule);
  const connection = context.resources.connections.get('', name);
  if (!connection) {
    throw notFound(`Connection '${name}' does not exist.`);
  }
  return connection;
}

export function describeConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const connection = readConnection(context, input);
  const { name, id, description, authorization, invocation } = connection;
  const { region, accountId } = context.place;
  return {
    ...summarize(context, connection),
    ...(description !== undefined && { Description: description }),
    SecretArn: `arn:aws:secretsmanager:${region}:${accountId}:secret:events!connection/${name}/${id}`,
    AuthParameters: {
      ...showAuthorization(authorization),
      InvocationHttpParameters: showHttp(invocation),
    },
  };
}

export function listConnections(context: EventBridgeContext, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const state = optionalText(input, 'ConnectionState');
  const wanted = context.resources.connections
    .list('')
    .filter(() => state === undefined || state === 'AUTHORIZED');
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { Connections: shown.map((connection) => summarize(context, connection)), ...next };
}

const answerOf = (context: EventBridgeContext, connection: Connection) => ({
  ConnectionArn: context.arns.of('connection', `${connection.name}/${connection.id}`),
  ConnectionState: 'AUTHORIZED',
  CreationTime: connection.createdAt / 1000,
  LastModifiedTime: connection.modifiedAt / 1000,
  LastAuthorizedTime: connection.modifiedAt / 1000,
});

const summarize = (context: EventBridgeContext, connection: Connection) => ({
  Name: connection.name,
  AuthorizationType: connection.authorization.type,
  ...answerOf(context, connection),
});

/** The public part of the authorization: names, never keys, passwords or secrets. */
function showAuthorization(authorization: Authorization): JsonObject {
  return authorization.type === 'API_KEY'
    ? { ApiKeyAuthParameters: { ApiKeyName: authorization.name } }
    : { BasicAuthParameters: { Username: authorization.username } };
}

function showHttp({ headers, query, body }: HttpParameters): JsonObject {
  const show = (parameters: HttpParameters['headers']) =>
    parameters.map(({ key, value, isSecret }) => ({
      Key: key,
      ...(!isSecret && { Value: value }),
      IsValueSecret: isSecret,
    }));
  return {
    ...(headers.length > 0 && { HeaderParameters: show(headers) }),
    ...(query.length > 0 && { QueryStringParameters: show(query) }),
    ...(body.length > 0 && { BodyParameters: show(body) }),
  };
}

/** API reference, CreateApiDestination. */
const methodRule = { oneOf: ['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'] };
const endpointRule = { max: 2048 };
const maxRate = 2 ** 31 - 1;
const defaultRate = 300;

export function createApiDestination(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', nameRule);
  const connectionArn = requiredText(input, 'ConnectionArn', { max: 1600 });
  const endpoint = requiredText(input, 'InvocationEndpoint', endpointRule);
  const method = requiredText(input, 'HttpMethod', methodRule);
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  const ratePerSecond = readRate(input) ?? defaultRate;
  checkEndpoint(endpoint);
  const connection = findConnection(context, connectionArn).name;
  const { apiDestinations } = context.resources;
  if (apiDestinations.get('', name)) {
    throw alreadyExists(`ApiDestination ${name} already exists.`);
  }
  const now = context.now();
  const destination: ApiDestination = {
    name,
    id: randomUUID(),
    connection,
    endpoint,
    method,
    ratePerSecond,
    createdAt: now,
    modifiedAt: now,
    ...(description !== undefined && { description }),
  };
  apiDestinations.put('', name, destination);
  return destinationAnswer(context, destination);
}

const readRate = (input: JsonObject) =>
  optionalInteger(input, 'InvocationRateLimitPerSecond', 1, maxRate);

export function updateApiDestination(context: EventBridgeContext, input: JsonObject): JsonObject {
  const before = readDestination(context, input);
  const connectionArn = optionalText(input, 'ConnectionArn', { max: 1600 });
  const endpoint = optionalText(input, 'InvocationEndpoint', endpointRule) ?? before.endpoint;
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  checkEndpoint(endpoint);
  const destination = {
    ...before,
    endpoint,
    method: optionalText(input, 'HttpMethod', methodRule) ?? before.method,
    ratePerSecond: readRate(input) ?? before.ratePerSecond,
    ...(connectionArn !== undefined && { connection: findConnection(context, connectionArn).name }),
    ...(description !== undefined && { description }),
    modifiedAt: context.now(),
  };
  context.resources.apiDestinations.put('', before.name, destination);
  return destinationAnswer(context, destination);
}

export function deleteApiDestination(context: EventBridgeContext, input: JsonObject): JsonObject {
  context.resources.apiDestinations.delete('', readDestination(context, input).name);
  return {};
}

function readDestination(context: EventBridgeContext, input: JsonObject): ApiDestination {
  const name = requiredText(input, 'Name', nameRule);
  const destination = context.resources.apiDestinations.get('', name);
  if (!destination) {
    throw notFound(`An api-destination '${name}' does not exist.`);
  }
  return destination;
}

export function describeApiDestination(context: EventBridgeContext, input: JsonObject): JsonObject {
  const destination = readDestination(context, input);
  const { description } = destination;
  return {
    ...destinationSummary(context, destination),
    ...(description !== undefined && { Description: description }),
  };
}

export function listApiDestinations(context: EventBridgeContext, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const connectionArn = optionalText(input, 'ConnectionArn', { max: 1600 });
  const wanted = context.resources.apiDestinations
    .list('')
    .filter(
      (each) => connectionArn === undefined || connectionArn === connectionArnOf(context, each),
    );
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { ApiDestinations: shown.map((each) => destinationSummary(context, each)), ...next };
}

function connectionArnOf(context: EventBridgeContext, { connection }: ApiDestination): string {
  const id = context.resources.connections.get('', connection)?.id;
  return context.arns.of('connection', id === undefined ? connection : `${connection}/${id}`);
}

/** A destination whose connection was deleted is inactive. */
function stateOf(context: EventBridgeContext, { connection }: ApiDestination): string {
  return context.resources.connections.get('', connection) ? 'ACTIVE' : 'INACTIVE';
}

const destinationAnswer = (context: EventBridgeContext, destination: ApiDestination) => ({
  ApiDestinationArn: context.arns.of('api-destination', `${destination.name}/${destination.id}`),
  ApiDestinationState: stateOf(context, destination),
  CreationTime: destination.createdAt / 1000,
  LastModifiedTime: destination.modifiedAt / 1000,
});

const destinationSummary = (context: EventBridgeContext, destination: ApiDestination) => ({
  Name: destination.name,
  ConnectionArn: connectionArnOf(context, destination),
  InvocationEndpoint: destination.endpoint,
  HttpMethod: destination.method,
  InvocationRateLimitPerSecond: destination.ratePerSecond,
  ...destinationAnswer(context, destination),
});
