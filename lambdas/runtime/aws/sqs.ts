import type {
  ChangeMessageVisibilityCommandInput,
  SendMessageCommandInput,
  SendMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import { type Call, type ClientPorts, type ClientSettings, jsonClient } from './aws-client.ts';

/** The actions of SQS that the functions use. */
export type Sqs = Call<{
  SendMessage: { input: SendMessageCommandInput; output: Partial<SendMessageCommandOutput> };
  ChangeMessageVisibility: { input: ChangeMessageVisibilityCommandInput; output: object };
}>;

/** A client of SQS, for queues of the function's own region. */
export function sqs(settings: ClientSettings, ports?: ClientPorts): Sqs {
  return jsonClient(
    { name: 'sqs', variable: 'SQS', target: 'AmazonSQS', version: '1.0' },
    settings,
    ports,
  );
}
