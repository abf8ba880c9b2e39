import { pathToFileURL } from 'node:url';
import { AwsError } from '../../aws-service.ts';
import type {
  EventSourceMappings,
  LocalMapping,
} from '../event-source-mapping/event-source-mapping.ts';
import { defaultBatchSize } from '../event-source-mapping/mapping-settings.ts';
import {
  defaultMemoryMb,
  defaultTimeoutSeconds,
  invalidParameter,
  invalidPayload,
  readFunctionReference,
  TooManyRequests,
} from '../function-settings.ts';
import type { FunctionRunner, LocalFunction } from '../invoke/function-runner.ts';
import type { InvokeOptions } from '../invoke/invocation.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const listFunctions: Operation = ({ request, runner }) => {
  const { page, NextMarker } = pageOf(runner.listFunctions(), request.query, 50);
  return jsonResponse(200, { Functions: page.map(describeFunction), NextMarker });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const getFunction: Operation = ({ id, runner }) => {
  const found = runner.getFunction(id);
  const { codeDirectory, reservedConcurrency } = found.settings;
  return jsonResponse(200, {
    Configuration: describeFunction(found),
    Code: { RepositoryType: 'local', Location: pathToFileURL(codeDirectory).href },
    ...(reservedConcurrency !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: reservedConcurrency },
    }),
  });
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
const getFunctionConfiguration: Operation = ({ id, runner }) =>
  jsonResponse(200, describeFunction(runner.getFunction(id)));

function describeFunction({ settings, lastModified, revisionId }: LocalFunction): object {
  const isJson = settings.loggingFormat === 'JSON';
  return {
    FunctionName: settings.name,
    FunctionArn: settings.arn,
    Runtime: settings.runtime ?? 'nodejs24.x',
    Role: settings.role,
    Handler: settings.handler,
    Description: settings.description ?? '',
    Timeout: settings.timeoutSeconds ?? defaultTimeoutSeconds,
    MemorySize: settings.memoryMb ?? defaultMemoryMb,
    LastModified: lastModified,
    Version: '$LATEST',
    Environment: { Variables: settings.environment ?? {} },
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    LoggingConfig: {
      LogFormat: isJson ? 'JSON' : 'Text',
      ...(isJson && {
        ApplicationLogLevel: settings.applicationLogLevel ?? 'INFO',
        SystemLogLevel: settings.systemLogLevel ?? 'INFO',
      }),
      LogGroup: settings.logGroupName ?? `/aws/lambda/${settings.name}`,
    },
  };
}

const types = new Set<unknown>(['RequestResponse', 'Event', 'DryRun']);

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const invoke: Operation = async ({ id, request, runner }) => {
  const options = readOptions(request);
  requireJson(request.body.toString());
  const result = await runner.invoke(id, request.body, options);
  return {
    status: result.statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': result.executedVersion,
      ...(result.functionError && { 'x-amz-function-error': result.functionError }),
      ...(result.logTail !== undefined && { 'x-amz-log-result': result.logTail }),
    },
    body: result.payload,
  };
};

function readOptions({ headers }: LambdaRequest): InvokeOptions {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (!types.has(type)) {
    throw invalidParameter('InvocationType must be RequestResponse, Event or DryRun.');
  }
  const traceId = headers['x-amzn-trace-id'];
  return {
    type: type as InvokeOptions['type'],
    tail: headers['x-amz-log-type'] === 'Tail',
    traceId: typeof traceId === 'string' ? traceId : undefined,
    clientContext: readClientContext(headers['x-amz-client-context']),
  };
}

/** Base64 of JSON. It is sent in a header again, so it is converted to one line of ASCII. */
function readClientContext(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== 'string') {
    return undefined;
  }
  try {
    const value = JSON.parse(Buffer.from(header, 'base64').toString());
    return JSON.stringify(value).replace(
      /[^\x20-\x7e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  } catch {
    throw invalidPayload('the client context is not JSON in Base64');
  }
}

function requireJson(text: string): void {
  if (text === '') {
    return;
  }
  try {
    JSON.parse(text);
  } catch {
    throw invalidPayload('the payload is not JSON');
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
const listMappings: Operation = ({ request: { query }, mappings, runner }) => {
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

/** The ARN of a mapping's function. The function may have been deleted; then it is what the mapping has. */
function functionArn(name: string, runner: FunctionRunner): string {
  const wanted = readFunctionReference(name)?.name;
  const found = runner.listFunctions().find(({ settings }) => settings.name === wanted);
  return found?.settings.arn ?? name;
}

/** A request to the Lambda API. */
export interface LambdaRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface LambdaResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The arguments of an operation of the API. */
interface OperationContext {
  readonly request: LambdaRequest;
  readonly runner: FunctionRunner;
  readonly mappings: EventSourceMappings;
  /** The function's name or the mapping's id in the path; empty where the path has none. */
  readonly id: string;
}

export type Operation = (context: OperationContext) => LambdaResponse | Promise<LambdaResponse>;

/** A response with a JSON body. */
function jsonResponse(status: number, body: object): LambdaResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** One page of a list, by the `Marker` and `MaxItems` of the query. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  max: number,
): { readonly page: readonly T[]; readonly NextMarker?: string } {
  const start = Math.max(0, Number.parseInt(query.get('Marker') ?? '0', 10) || 0);
  const wanted = Number.parseInt(query.get('MaxItems') ?? '', 10) || max;
  const end = start + Math.min(max, Math.max(1, wanted));
  const NextMarker = end < items.length ? String(end) : undefined;
  return { page: items.slice(start, end), NextMarker };
}

/**
 * Answers requests to the REST API of Lambda, which `aws lambda` and the SDKs speak
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html). Returns undefined for a
 * request to another API or for an operation that is not in the list below.
 */
export async function answerLambdaRequest(
  request: LambdaRequest,
  runner: FunctionRunner,
  mappings: EventSourceMappings,
): Promise<LambdaResponse | undefined> {
  try {
    const operation = findOperation(request);
    return await operation?.run({ request, runner, mappings, id: operation.id });
  } catch (error) {
    if (error instanceof AwsError) {
      return answerError(error);
    }
    throw error;
  }
}

/** An error as Lambda writes it. Its text is in `message`, but in `Message` where something was not found. */
function answerError(error: AwsError): LambdaResponse {
  const text = error.code === 'ResourceNotFoundException' ? 'Message' : 'message';
  const reason = error instanceof TooManyRequests ? { Reason: error.reason } : {};
  return {
    status: error.statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ Type: 'User', ...reason, [text]: error.message }),
  };
}

/**
 * Method and path, without the API version, of each operation. Functions and event source mappings
 * are created from a template only.
 */
const operations: readonly (readonly [string, RegExp, Operation])[] = [
  ['GET', /^functions\/?$/, listFunctions],
  ['GET', /^functions\/([^/]+)$/, getFunction],
  ['GET', /^functions\/([^/]+)\/configuration$/, getFunctionConfiguration],
  ['POST', /^functions\/([^/]+)\/invocations$/, invoke],
  ['GET', /^event-source-mappings\/?$/, listMappings],
];

const apiVersion = '/2015-03-31/';

/** The operation that a request names, and its resource. */
function findOperation({
  method,
  path,
}: LambdaRequest): { readonly run: Operation; readonly id: string } | undefined {
  if (!path.startsWith(apiVersion)) {
    return undefined;
  }
  for (const [operationMethod, pattern, run] of operations) {
    const match = method === operationMethod ? pattern.exec(path.slice(apiVersion.length)) : null;
    if (match) {
      return { run, id: decode(match[1] ?? '') };
    }
  }
  return undefined;
}

/** An ARN in a path is percent-encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
