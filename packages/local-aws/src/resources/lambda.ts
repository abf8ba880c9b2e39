import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { MappingSettings } from '../lambda/event-source-mapping/mapping-settings.ts';
import {
  type AsyncInvokeSettings,
  type FunctionSettings,
  invalidParameter,
} from '../lambda/function-settings.ts';
import { TemplateError } from '../template/template.ts';
import {
  functionArnOf,
  type Properties,
  physicalName,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

/** AWS::Lambda::Function with a Node.js runtime, its code in an asset or in the template. */
export const lambdaFunction: ResourceType = {
  create(properties, context) {
    const name = String(properties.FunctionName ?? physicalName(context, 64));
    const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
    checkRunnable(properties, context.logicalId);
    const { lambda } = context.services;
    const settings = settingsOf(name, arn, properties, context);
    const present = lambda.listFunctions().find((each) => each.settings.name === name);
    // An unchanged function keeps its processes.
    if (!isDeepStrictEqual(present?.settings, settings)) {
      lambda.createFunction(settings);
    }
    const deadLetters = (properties.DeadLetterConfig as Properties | undefined)?.TargetArn;
    if (deadLetters !== undefined) {
      lambda.configureAsyncInvoke(arn, { onFailure: deadLettersTo(String(deadLetters), context) });
    }
    return { ref: name, attributes: { Arn: arn } };
  },
  async remove(name, { services: { lambda } }) {
    // Functions are not stored: after a restart none exists.
    if (lambda.listFunctions().some(({ settings }) => settings.name === name)) {
      lambda.deleteFunction(name);
    }
  },
};

function settingsOf(
  name: string,
  arn: string,
  properties: Properties,
  context: ResourceContext,
): FunctionSettings {
  const logging = (properties.LoggingConfig ?? {}) as Properties;
  const variables = ((properties.Environment ?? {}) as Properties).Variables ?? {};
  return {
    name,
    arn,
    codeDirectory: codeDirectory(properties, context),
    handler: String(properties.Handler),
    runtime: String(properties.Runtime),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMb: Number(properties.MemorySize ?? 128),
    environment: Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, String(value)]),
    ),
    reservedConcurrency: optionalNumber(properties.ReservedConcurrentExecutions),
    loggingFormat: logging.LogFormat === 'JSON' ? 'JSON' : 'Text',
    applicationLogLevel: logging.ApplicationLogLevel as string | undefined,
    systemLogLevel: logging.SystemLogLevel as 'DEBUG' | 'INFO' | 'WARN' | undefined,
    logGroupName: logging.LogGroup as string | undefined,
    description: properties.Description as string | undefined,
  };
}

/** Throws for a function that runs in AWS, but not here. */
function checkRunnable(
  { Runtime, PackageType, Layers, FileSystemConfigs }: Properties,
  logicalId: string,
): void {
  const where = `${logicalId} (AWS::Lambda::Function)`;
  if (PackageType === 'Image') {
    throw new TemplateError(
      where,
      'is a container image; the local run has Node.js functions only',
    );
  }
  if (!/^nodejs\d+\.x$/.test(String(Runtime))) {
    throw new TemplateError(
      where,
      `has the runtime ${String(Runtime)}; the local run has Node.js only. Exclude it from local runs with the metadata "fanout:local": "ignore".`,
    );
  }
  if (Array.isArray(Layers) && Layers.length > 0) {
    throw new TemplateError(where, 'has layers, which the local run does not have. Bundle them.');
  }
  if (Array.isArray(FileSystemConfigs) && FileSystemConfigs.length > 0) {
    throw new TemplateError(where, 'has a file system (EFS), which the local run does not have');
  }
}

function codeDirectory({ Code }: Properties, context: ResourceContext): string {
  const { assets, logicalId, services } = context;
  const { S3Key, ZipFile } = (Code ?? {}) as Properties;
  if (ZipFile !== undefined) {
    return writeInlineCode(services.codeDirectory(), String(ZipFile));
  }
  const key = String(S3Key);
  const directory = assets.get(key);
  if (directory) {
    return directory;
  }
  throw new TemplateError(
    logicalId,
    `has code that is not in the assembly (${key}). Synthesize again.`,
  );
}

/** The number of the only version that a function has here: its present code. */
const onlyVersion = '1';

/** AWS::Lambda::Version: another name of the function's present code. */
export const version: ResourceType = {
  create({ FunctionName }, context) {
    const functionArn = functionArnOf(FunctionName, context);
    context.services.lambda.addQualifier(functionArn, onlyVersion);
    const arn = `${functionArn}:${onlyVersion}`;
    return { ref: arn, attributes: { FunctionArn: arn, Version: onlyVersion } };
  },
};

/** AWS::Lambda::Alias: another name of the function's present code. */
export const alias: ResourceType = {
  create({ FunctionName, Name }, context) {
    const functionArn = functionArnOf(FunctionName, context);
    context.services.lambda.addQualifier(functionArn, String(Name));
    const arn = `${functionArn}:${String(Name)}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
};

/** AWS::Lambda::EventSourceMapping from a queue. */
export const eventSourceMapping: ResourceType = {
  async create(properties, context) {
    const { services, logicalId } = context;
    const settings: MappingSettings = {
      functionName: String(properties.FunctionName),
      eventSourceArn: String(properties.EventSourceArn),
      batchSize: optionalNumber(properties.BatchSize),
      maximumBatchingWindowSeconds: optionalNumber(properties.MaximumBatchingWindowInSeconds),
      functionResponseTypes: properties.FunctionResponseTypes as string[] | undefined,
      filterPatterns: filterPatterns(properties.FilterCriteria),
      maximumConcurrency: optionalNumber(
        (properties.ScalingConfig as Properties | undefined)?.MaximumConcurrency,
      ),
      enabled: String(properties.Enabled ?? true) === 'true',
    };
    if (!/:sqs:/.test(settings.eventSourceArn)) {
      throw new TemplateError(
        `${logicalId} (AWS::Lambda::EventSourceMapping)`,
        `reads ${settings.eventSourceArn}; the local run has queues as event sources only`,
      );
    }
    await checkVisibilityTimeout(settings, context);
    const uuid = services.lambda.putEventSourceMapping(settings);
    return { ref: uuid, attributes: { Id: uuid } };
  },
  async remove(uuid, { services: { lambda } }) {
    if (lambda.listEventSourceMappings().some((mapping) => mapping.uuid === uuid)) {
      lambda.deleteEventSourceMapping(uuid);
    }
  },
};

/**
 * Throws Lambda's error for a queue whose messages would become visible again while the function still processes
 * them (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html), or that does not exist.
 */
async function checkVisibilityTimeout(
  { functionName, eventSourceArn }: MappingSettings,
  context: ResourceContext,
): Promise<void> {
  const { sqs, lambda } = context.services;
  const { Attributes } = await sqs.call('GetQueueAttributes', {
    QueueUrl: sqs.urlOf(eventSourceArn),
    AttributeNames: ['VisibilityTimeout'],
  });
  const visibilityTimeout = Number((Attributes as Properties).VisibilityTimeout);
  const functionArn = functionArnOf(functionName, context);
  const timeout = lambda.listFunctions().find(({ settings }) => settings.arn === functionArn)
    ?.settings.timeoutSeconds;
  if (timeout !== undefined && visibilityTimeout < timeout) {
    throw invalidParameter(
      `Queue visibility timeout: ${visibilityTimeout} seconds is less than Function timeout: ${timeout} seconds`,
    );
  }
}

const optionalNumber = (value: unknown) => (value === undefined ? undefined : Number(value));

const filterPatterns = (criteria: unknown) =>
  (criteria as { Filters?: { Pattern: string }[] } | undefined)?.Filters?.map(
    ({ Pattern }) => Pattern,
  );

/**
 * Writes inline code (`Code.ZipFile`) to a directory from which a function can run it. For Node.js,
 * CloudFormation names the file `index.js` (AWS::Lambda::Function Code). Changed code gets another
 * directory, so that running processes keep theirs.
 */
function writeInlineCode(directory: string, code: string): string {
  const name = createHash('sha256').update(code).digest('hex').slice(0, 32);
  const codeDirectory = join(directory, `inline.${name}`);
  mkdirSync(codeDirectory, { recursive: true });
  writeFileSync(join(codeDirectory, 'index.js'), code);
  return codeDirectory;
}

/** AWS::Lambda::EventInvokeConfig: retries and destinations of asynchronous invocations. */
export const eventInvokeConfig: ResourceType = {
  create(properties, context) {
    const { services } = context;
    const { OnFailure, OnSuccess } = (properties.DestinationConfig ?? {}) as {
      OnFailure?: { Destination: string };
      OnSuccess?: { Destination: string };
    };
    const functionArn = functionArnOf(properties.FunctionName, context);
    const settings: AsyncInvokeSettings = {
      maximumRetryAttempts: optionalNumber(properties.MaximumRetryAttempts),
      maximumEventAgeSeconds: optionalNumber(properties.MaximumEventAgeInSeconds),
      ...(OnFailure && { onFailure: asyncRecordTo(OnFailure.Destination, 'Failure', context) }),
      ...(OnSuccess && { onSuccess: asyncRecordTo(OnSuccess.Destination, 'Success', context) }),
    };
    services.lambda.configureAsyncInvoke(functionArn, settings);
    return { ref: `${functionArn}|${String(properties.Qualifier ?? '$LATEST')}` };
  },
  async remove(ref, { services }) {
    const [functionArn = ''] = ref.split('|');
    const isThere = services.lambda
      .listFunctions()
      .some(({ settings }) => settings.arn === functionArn);
    if (isThere) {
      services.lambda.configureAsyncInvoke(functionArn, undefined);
    }
  },
};

/**
 * Sends the record of an asynchronous invocation that failed finally, or that succeeded, to its
 * destination (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
function asyncRecordTo(
  destination: string,
  result: 'Failure' | 'Success',
  { logicalId, services }: ResourceContext,
): (record: string) => Promise<void> {
  const { sqs, lambda, eventBridge } = services;
  const service = destination.split(':')[2];
  if (service === 'sqs') {
    return async (record) => {
      sqs.sendToArn(destination, { body: record });
    };
  }
  if (service === 'lambda') {
    return async (record) => {
      await lambda.invoke(destination, record, { type: 'Event' });
    };
  }
  if (service === 'events') {
    return async (record) => {
      const entry = {
        EventBusName: destination,
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${result}`,
        Detail: record,
      };
      const { FailedEntryCount } = await eventBridge.call('PutEvents', { Entries: [entry] });
      if (FailedEntryCount !== 0) {
        throw new Error('The bus did not accept the record.');
      }
    };
  }
  throw new TemplateError(
    logicalId,
    `sends records of invocations to ${destination}; the local run has queues, functions and buses`,
  );
}

/**
 * Sends the event of an asynchronous invocation that failed finally to the function's dead-letter
 * queue (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
function deadLettersTo(
  queueArn: string,
  { logicalId, services }: ResourceContext,
): (record: string) => Promise<void> {
  if (queueArn.split(':')[2] !== 'sqs') {
    throw new TemplateError(
      logicalId,
      `sends dead-letter messages to ${queueArn}; the local run supports only queues as the destination`,
    );
  }
  return async (record) => {
    const { requestContext, requestPayload, responsePayload } = JSON.parse(record);
    const text = (StringValue: unknown) => ({
      DataType: 'String',
      StringValue: String(StringValue ?? '-').slice(0, 1024) || '-',
    });
    services.sqs.sendToArn(queueArn, {
      body: JSON.stringify(requestPayload),
      messageAttributes: {
        RequestID: text(requestContext.requestId),
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: text(responsePayload?.errorMessage),
      },
    });
  };
}
