import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import { checkEndpoint } from '../api-destinations/connection.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { alreadyExists, notFound } from '../eventbridge-error.ts';
import {
  optionalInteger,
  optionalText,
  pageOf,
  readSlice,
  requiredText,
  type TextRule,
} from '../request.ts';
import type { ApiDestination } from '../resources.ts';
import { findConnection } from './connections.ts';

/** API reference, CreateApiDestination. */
const nameRule: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
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
  return answerOf(context, destination);
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
  return answerOf(context, destination);
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
    ...summarize(context, destination),
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
  return { ApiDestinations: shown.map((each) => summarize(context, each)), ...next };
}

function connectionArnOf(context: EventBridgeContext, { connection }: ApiDestination): string {
  const id = context.resources.connections.get('', connection)?.id;
  return context.arns.of('connection', id === undefined ? connection : `${connection}/${id}`);
}

/** A destination whose connection was deleted is inactive. */
function stateOf(context: EventBridgeContext, { connection }: ApiDestination): string {
  return context.resources.connections.get('', connection) ? 'ACTIVE' : 'INACTIVE';
}

const answerOf = (context: EventBridgeContext, destination: ApiDestination) => ({
  ApiDestinationArn: context.arns.of('api-destination', `${destination.name}/${destination.id}`),
  ApiDestinationState: stateOf(context, destination),
  CreationTime: destination.createdAt / 1000,
  LastModifiedTime: destination.modifiedAt / 1000,
});

const summarize = (context: EventBridgeContext, destination: ApiDestination) => ({
  Name: destination.name,
  ConnectionArn: connectionArnOf(context, destination),
  InvocationEndpoint: destination.endpoint,
  HttpMethod: destination.method,
  InvocationRateLimitPerSecond: destination.ratePerSecond,
  ...answerOf(context, destination),
});
