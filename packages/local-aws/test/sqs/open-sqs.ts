import type { AwsError, JsonObject } from '../../src/aws-service.ts';
import { SteppedClock } from '../../src/clock.ts';
import type { SqsOptions } from '../../src/sqs/broker.ts';
import { Sqs } from '../../src/sqs/sqs.ts';
import { openStore, type Store } from '../../src/store.ts';

export const account = '000000000000';
export const endpointRule = 'http://127.0.0.1:4566';
export const urlOf = (name: string) => `${endpointRule}/${account}/${name}`;
export const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;

/** A message as `ReceiveMessage` returns it, with what tests look at. */
export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly MessageAttributes?: JsonObject;
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** SQS in memory on a stepped clock, with short forms of the common calls. */
export function openSqs(
  options: Partial<SqsOptions> & { clock?: SteppedClock; store?: Store } = {},
) {
  const clock = options.clock ?? new SteppedClock();
  const store = options.store ?? openStore();
  const sqs = new Sqs({
    store,
    clock,
    region: 'us-east-1',
    accountId: account,
    endpoint: endpointRule,
    ...options,
  });
  const call = (action: string, input: JsonObject = {}, signal?: AbortSignal) =>
    sqs.call(action, input, signal);
  const attributes = async (name: string, ...names: readonly string[]) => {
    const { Attributes = {} } = await call('GetQueueAttributes', {
      QueueUrl: urlOf(name),
      AttributeNames: names.length > 0 ? names : ['All'],
    });
    return Attributes as Readonly<Record<string, string>>;
  };
  const receive = async (name: string, more: JsonObject = {}) => {
    const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: urlOf(name), ...more });
    return Messages as readonly Received[];
  };
  return {
    sqs,
    store,
    clock,
    call,
    /** The error's code; `none` when the call succeeds. */
    refusal: (action: string, input: JsonObject = {}) =>
      call(action, input).then(
        () => 'none',
        (error: AwsError) => error.code,
      ),
    create: async (name: string, attributes: JsonObject = {}) => {
      await call('CreateQueue', { QueueName: name, Attributes: attributes });
      return urlOf(name);
    },
    send: (name: string, body: string, more: JsonObject = {}) =>
      call('SendMessage', { QueueUrl: urlOf(name), MessageBody: body, ...more }),
    receive,
    bodies: async (name: string, more: JsonObject = {}) =>
      (await receive(name, { MaxNumberOfMessages: 10, ...more })).map(({ Body }) => Body),
    remove: (name: string, { ReceiptHandle }: Received) =>
      call('DeleteMessage', { QueueUrl: urlOf(name), ReceiptHandle }),
    attributes,
    /** How many messages are visible, in flight and delayed. */
    counts: async (name: string) => {
      const all = await attributes(name);
      return ['', 'NotVisible', 'Delayed'].map((kind) =>
        Number(all[`ApproximateNumberOfMessages${kind}`]),
      );
    },
  };
}

export type OpenSqs = ReturnType<typeof openSqs>;

/** A queue `source` whose messages go to `dead` after this number of receives. */
export async function createWithDeadLetters(sqs: OpenSqs, maxReceiveCount: number | string = 1) {
  await sqs.create('dead');
  await sqs.create('source', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount }),
  });
}
