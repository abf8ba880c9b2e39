import { isObject } from '../../aws-service.ts';
import type { LocalMapping } from '../event-source-mapping/event-source-mappings.ts';
import {
  defaultBatchSize,
  type MappingSettings,
} from '../event-source-mapping/mapping-settings.ts';
import { readFunctionReference } from '../function-settings.ts';
import type { FunctionRunner } from '../invoke/function-runner.ts';
import { invalidParameter, invalidPayload } from '../lambda-errors.ts';
import { jsonResponse, type LambdaRequest, type Operation, pageOf } from './operation.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
export const listMappings: Operation = ({ request: { query }, mappings, runner }) => {
  const [functionName, sourceArn] = [query.get('FunctionName'), query.get('EventSourceArn')];
  const name = functionName && runner.getFunction(functionName).settings.name;
  const found = mappings
    .list()
    .filter(({ settings }) => !name || readFunctionReference(settings.functionName)?.name === name)
    .filter(({ settings }) => !sourceArn || settings.eventSourceArn === sourceArn);
  const { page, NextMarker } = pageOf(found, query, 100);
  const EventSourceMappings = page.map((mapping) => describeMapping(mapping, runner));
  return jsonResponse(200, { EventSourceMappings, NextMarker });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html */
export const getMapping: Operation = ({ id, mappings, runner }) =>
  jsonResponse(200, describeMapping(mappings.get(id), runner));

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const createMapping: Operation = ({ request, mappings, runner }) => {
  const { functionName, eventSourceArn, ...rest } = readSettings(request);
  if (!functionName || !eventSourceArn) {
    throw invalidParameter('FunctionName and EventSourceArn are required');
  }
  runner.getFunction(functionName);
  const created = mappings.create({ functionName, eventSourceArn, ...rest });
  return jsonResponse(202, { ...describeMapping(created, runner), State: 'Creating' });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html */
export const updateMapping: Operation = ({ id, request, mappings, runner }) => {
  const { functionName, eventSourceArn: _fixed, ...rest } = readSettings(request);
  if (functionName !== undefined) {
    runner.getFunction(functionName);
  }
  const updated = mappings.update(id, { functionName, ...rest });
  return jsonResponse(202, { ...describeMapping(updated, runner), State: 'Updating' });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html */
export const deleteMapping: Operation = ({ id, mappings, runner }) =>
  jsonResponse(202, { ...describeMapping(mappings.delete(id), runner), State: 'Deleting' });

function describeMapping({ uuid, settings, lastModified }: LocalMapping, runner: FunctionRunner) {
  return {
    UUID: uuid,
    BatchSize: settings.batchSize ?? defaultBatchSize,
    MaximumBatchingWindowInSeconds: settings.maximumBatchingWindowSeconds ?? 0,
    EventSourceArn: settings.eventSourceArn,
    FunctionArn: functionArn(settings.functionName, runner),
    FunctionResponseTypes: settings.functionResponseTypes ?? [],
    FilterCriteria: settings.filterPatterns && {
      Filters: settings.filterPatterns.map((Pattern) => ({ Pattern })),
    },
    ScalingConfig: settings.maximumConcurrency && {
      MaximumConcurrency: settings.maximumConcurrency,
    },
    // Seconds, as timestamps are in Lambda's JSON.
    LastModified: lastModified / 1000,
    State: settings.enabled === false ? 'Disabled' : 'Enabled',
    StateTransitionReason: 'USER_INITIATED',
  };
}

/** The function may have been deleted since. */
function functionArn(name: string, runner: FunctionRunner): string {
  const wanted = readFunctionReference(name)?.name;
  const found = runner.listFunctions().find(({ settings }) => settings.name === wanted);
  return found?.settings.arn ?? name;
}

/** The members of the request's body that are supported here. */
function readSettings({ body }: LambdaRequest): Partial<MappingSettings> {
  const input = parseObject(body.toString());
  const read = <T>(name: string, check: (value: unknown) => value is T): T | undefined => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value === undefined || value === null) {
      return undefined;
    }
    if (check(value)) {
      return value;
    }
    throw invalidParameter(`${name} is of the wrong type`);
  };
  return {
    functionName: read('FunctionName', isString),
    eventSourceArn: read('EventSourceArn', isString),
    batchSize: read('BatchSize', isNumber),
    maximumBatchingWindowSeconds: read('MaximumBatchingWindowInSeconds', isNumber),
    functionResponseTypes: read('FunctionResponseTypes', isStrings),
    filterPatterns: read('FilterCriteria', isFilterCriteria)?.Filters?.map((it) => it.Pattern),
    maximumConcurrency: read('ScalingConfig', isScalingConfig)?.MaximumConcurrency,
    enabled: read('Enabled', isBoolean),
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (isObject(value)) {
      return value;
    }
  } catch {
    // Answered like a body that is not an object.
  }
  throw invalidPayload('the request is not a JSON object');
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isString);
const isScalingConfig = (value: unknown): value is { MaximumConcurrency?: number } =>
  isObject(value) && (value.MaximumConcurrency === undefined || isNumber(value.MaximumConcurrency));
const isFilterCriteria = (value: unknown): value is { Filters?: { Pattern: string }[] } =>
  isObject(value) &&
  (value.Filters === undefined ||
    (Array.isArray(value.Filters) &&
      value.Filters.every((filter) => isObject(filter) && isString(filter.Pattern))));
