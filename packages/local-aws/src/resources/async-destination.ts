import { TemplateError } from '../template/template.ts';
import type { ResourceContext } from './resource-type.ts';

/**
 * Sends the record of an asynchronous invocation that failed finally, or that succeeded, to its
 * destination (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
export function asyncRecordTo(
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
        throw new Error('The bus did not take the record.');
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
