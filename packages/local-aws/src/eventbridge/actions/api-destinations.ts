import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import { type ApiDestination, checkEndpoint } from '../api-destinations/connection.ts';
import type { Desk } from '../desk.ts';
import { alreadyExists, notFound } from '../eventbridge-error.ts';
import { pageOf, readSlice } from '../page.ts';
import { optionalInteger, optionalText, requiredText, type TextRule } from '../request.ts';
import { findConnection } from './connections.ts';

/** API reference, CreateApiDestination. */
const nameRule: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
const methodRule = { oneOf: ['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'] };
const endpointRule = { max: 2048 };
const highestRate = 2 ** 31 - 1;
const defaultRate = 300;

export function createApiDestination(desk: Desk, input: JsonObject): JsonObject {
  const name = requiredText(input, 'Name', nameRule);
  const connectionArn = requiredText(input, 'ConnectionArn', { max: 1600 });
  const endpoint = requiredText(input, 'InvocationEndpoint', endpointRule);
  const method = requiredText(input, 'HttpMethod', methodRule);
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  const ratePerSecond = readRate(input) ?? defaultRate;
  checkEndpoint(endpoint, 'InvocationEndpoint');
  const connection = findConnection(desk, connectionArn).name;
  const { apiDestinations } = desk.resources;
  if (apiDestinations.get('', name)) throw alreadyExists(`ApiDestination ${name} already exists.`);
  const now = desk.now();
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
  return answerOf(desk, destination);
}

const readRate = (input: JsonObject) =>
  optionalInteger(input, 'InvocationRateLimitPerSecond', 1, highestRate);

export function updateApiDestination(desk: Desk, input: JsonObject): JsonObject {
  const before = readDestination(desk, input);
  const connectionArn = optionalText(input, 'ConnectionArn', { max: 1600 });
  const endpoint = optionalText(input, 'InvocationEndpoint', endpointRule) ?? before.endpoint;
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  checkEndpoint(endpoint, 'InvocationEndpoint');
  const destination = {
    ...before,
    endpoint,
    method: optionalText(input, 'HttpMethod', methodRule) ?? before.method,
    ratePerSecond: readRate(input) ?? before.ratePerSecond,
    ...(connectionArn !== undefined && { connection: findConnection(desk, connectionArn).name }),
    ...(description !== undefined && { description }),
    modifiedAt: desk.now(),
  };
  desk.resources.apiDestinations.put('', before.name, destination);
  return answerOf(desk, destination);
}

export function deleteApiDestination(desk: Desk, input: JsonObject): JsonObject {
  desk.resources.apiDestinations.delete('', readDestination(desk, input).name);
  return {};
}

function readDestination(desk: Desk, input: JsonObject): ApiDestination {
  const name = requiredText(input, 'Name', nameRule);
  const destination = desk.resources.apiDestinations.get('', name);
  if (!destination) throw notFound(`An api-destination '${name}' does not exist.`);
  return destination;
}

export function describeApiDestination(desk: Desk, input: JsonObject): JsonObject {
  const destination = readDestination(desk, input);
  const { description } = destination;
  return {
    ...summarize(desk, destination),
    ...(description !== undefined && { Description: description }),
  };
}

export function listApiDestinations(desk: Desk, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const connectionArn = optionalText(input, 'ConnectionArn', { max: 1600 });
  const wanted = desk.resources.apiDestinations
    .list('')
    .filter((each) => connectionArn === undefined || connectionArn === connectionArnOf(desk, each));
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { ApiDestinations: shown.map((each) => summarize(desk, each)), ...next };
}

function connectionArnOf(desk: Desk, { connection }: ApiDestination): string {
  const id = desk.resources.connections.get('', connection)?.id;
  return desk.arns.of('connection', id === undefined ? connection : `${connection}/${id}`);
}

/** Without its connection, or with one that authorizes nothing, a destination is inactive. */
function stateOf(desk: Desk, { connection }: ApiDestination): string {
  return desk.resources.connections.get('', connection)?.authorization ? 'ACTIVE' : 'INACTIVE';
}

const answerOf = (desk: Desk, destination: ApiDestination) => ({
  ApiDestinationArn: desk.arns.of('api-destination', `${destination.name}/${destination.id}`),
  ApiDestinationState: stateOf(desk, destination),
  CreationTime: destination.createdAt / 1000,
  LastModifiedTime: destination.modifiedAt / 1000,
});

const summarize = (desk: Desk, destination: ApiDestination) => ({
  Name: destination.name,
  ConnectionArn: connectionArnOf(desk, destination),
  InvocationEndpoint: destination.endpoint,
  HttpMethod: destination.method,
  InvocationRateLimitPerSecond: destination.ratePerSecond,
  ...answerOf(desk, destination),
});
