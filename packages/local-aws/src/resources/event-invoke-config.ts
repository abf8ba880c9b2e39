import type { AsyncInvokeSettings } from '../lambda/function-settings.ts';
import { TemplateError } from '../template/template.ts';
import {
  functionArnOf,
  type Properties,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

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
      maximumRetryAttempts: optionalNumber(properties, 'MaximumRetryAttempts'),
      maximumEventAgeSeconds: optionalNumber(properties, 'MaximumEventAgeInSeconds'),
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

const optionalNumber = (properties: Properties, name: string) =>
  properties[name] === undefined ? undefined : Number(properties[name]);

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
export function deadLettersTo(
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
