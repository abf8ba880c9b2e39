import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import type { Authorization, Connection, HttpParameters } from '../api-destinations/connection.ts';
import { readAuthorization, readHttpParameters } from '../api-destinations/read-connection.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { alreadyExists, notFound } from '../eventbridge-error.ts';
import { pageOf, readSlice } from '../page.ts';
import {
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
  type TextRule,
} from '../request.ts';

/** API reference, CreateConnection. */
const nameRule: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
const typeRule = { oneOf: ['API_KEY', 'BASIC', 'OAUTH_CLIENT_CREDENTIALS'] };
const descriptionRule = { min: 0, max: 512 };

export function createConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', nameRule);
  const type = requiredText(input, 'AuthorizationType', typeRule) as Authorization['type'];
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
    type,
    authorization,
    invocation,
    createdAt: now,
    modifiedAt: now,
    authorizedAt: now,
    ...(description !== undefined && { description }),
  };
  connections.put('', name, connection);
  const { LastAuthorizedTime: _, ...answer } = answerOf(context, connection);
  return answer;
}

export function updateConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const before = readConnection(context, input);
  const type = (optionalText(input, 'AuthorizationType', typeRule) ??
    before.type) as Authorization['type'];
  const parameters = optionalObject(input, 'AuthParameters') ?? {};
  const description = optionalText(input, 'Description', descriptionRule) ?? before.description;
  const now = context.now();
  const connection = {
    ...before,
    type,
    authorization: readAuthorization(type, parameters, before.authorization),
    invocation: readHttpParameters(parameters, 'InvocationHttpParameters', before.invocation),
    modifiedAt: now,
    authorizedAt: now,
    ...(description !== undefined && { description }),
  };
  context.resources.connections.put('', before.name, connection);
  return answerOf(context, connection);
}

/** Removes the secrets; the connection authorizes nothing until it is updated. */
export function deauthorizeConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const { authorization: _, ...connection } = readConnection(context, input);
  const changed = { ...connection, modifiedAt: context.now() };
  context.resources.connections.put('', changed.name, changed);
  return { ...answerOf(context, changed), ConnectionState: 'DEAUTHORIZING' };
}

export function deleteConnection(context: EventBridgeContext, input: JsonObject): JsonObject {
  const connection = readConnection(context, input);
  context.resources.connections.delete('', connection.name);
  return { ...answerOf(context, connection), ConnectionState: 'DELETING' };
}

/** The connection of an ARN. Throws ResourceNotFoundException. */
export function findConnection(context: EventBridgeContext, arn: string): Connection {
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
      ...(authorization && showAuthorization(authorization)),
      InvocationHttpParameters: showHttp(invocation),
    },
  };
}

export function listConnections(context: EventBridgeContext, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const state = optionalText(input, 'ConnectionState');
  const wanted = context.resources.connections
    .list('')
    .filter((connection) => state === undefined || state === stateOf(connection));
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { Connections: shown.map((connection) => summarize(context, connection)), ...next };
}

const stateOf = ({ authorization }: Connection) => (authorization ? 'AUTHORIZED' : 'DEAUTHORIZED');

const answerOf = (context: EventBridgeContext, connection: Connection) => ({
  ConnectionArn: context.arns.of('connection', `${connection.name}/${connection.id}`),
  ConnectionState: stateOf(connection),
  CreationTime: connection.createdAt / 1000,
  LastModifiedTime: connection.modifiedAt / 1000,
  LastAuthorizedTime: connection.authorizedAt / 1000,
});

const summarize = (context: EventBridgeContext, connection: Connection) => ({
  Name: connection.name,
  AuthorizationType: connection.type,
  ...answerOf(context, connection),
});

/** The public part of the authorization: names, never keys, passwords or secrets. */
function showAuthorization(authorization: Authorization): JsonObject {
  switch (authorization.type) {
    case 'API_KEY':
      return { ApiKeyAuthParameters: { ApiKeyName: authorization.name } };
    case 'BASIC':
      return { BasicAuthParameters: { Username: authorization.username } };
    default:
      return {
        OAuthParameters: {
          ClientParameters: { ClientID: authorization.clientId },
          AuthorizationEndpoint: authorization.endpoint,
          HttpMethod: authorization.method,
          OAuthHttpParameters: showHttp(authorization.http),
        },
      };
  }
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
