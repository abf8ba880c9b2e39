import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SteppedClock } from '../../src/clock.ts';
import { arnOf, type OpenSqs, openSqs, type Received, urlOf } from './open-sqs.ts';

/** A message as the documentation describes it, without any of the machinery. */
interface ModelMessage {
  readonly body: string;
  readonly group: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  handle: string;
}

const visibilityMs = 30_000;
const retentionMs = 300_000;
const maxReceives = 3;

/** What a queue and its dead-letter queue hold, in order of arrival. */
class Model {
  readonly fifo: boolean;
  readonly messages: ModelMessage[] = [];
  readonly dead: ModelMessage[] = [];

  constructor(fifo: boolean) {
    this.fifo = fifo;
  }

  expire(now: number): void {
    const young = this.messages.filter(({ sentAt }) => sentAt + retentionMs > now);
    this.messages.splice(0, Infinity, ...young);
  }

  /** In a FIFO queue nothing may overtake an older message of its group. */
  mayReceive(message: ModelMessage, taken: ReadonlySet<ModelMessage>, now: number): boolean {
    if (message.visibleAt > now || message.receives >= maxReceives) {
      return false;
    }
    if (!this.fifo) {
      return true;
    }
    const older = this.messages.slice(0, this.messages.indexOf(message));
    return older.every((each) => each.group !== message.group || taken.has(each));
  }

  /** A message that has reached `maxReceiveCount` leaves the queue at its next receive. */
  retire(isGone: (message: ModelMessage) => boolean, now: number): void {
    for (const message of [...this.messages]) {
      if (message.receives < maxReceives || message.visibleAt > now || !isGone(message)) {
        continue;
      }
      this.messages.splice(this.messages.indexOf(message), 1);
      this.dead.push(message);
    }
  }
}

type Step =
  | { readonly do: 'send'; readonly group: string; readonly delay: number }
  | { readonly do: 'receive'; readonly max: number; readonly timeout: number | undefined }
  | { readonly do: 'delete'; readonly which: number }
  | { readonly do: 'change'; readonly which: number; readonly timeout: number }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'reopen' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      group: fc.constantFrom('a', 'b'),
      delay: fc.constantFrom(0, 0, 0, 20),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      max: fc.constantFrom(1, 2, 3, 10),
      timeout: fc.constantFrom(undefined, 0, 1, 50),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      which: fc.nat(20),
      timeout: fc.constantFrom(0, 0, 5, 100),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 10, 29, 30, 100),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

/** Applies each step to the queue and to the model, and compares. */
class Run {
  readonly clock = new SteppedClock();
  readonly model: Model;
  readonly name: string;
  readonly deadName: string;
  sqs: OpenSqs;
  sent = 0;

  constructor(fifo: boolean) {
    this.model = new Model(fifo);
    this.name = fifo ? 'queue.fifo' : 'queue';
    this.deadName = fifo ? 'dead.fifo' : 'dead';
    this.sqs = openSqs({ clock: this.clock });
  }

  async create(): Promise<void> {
    const type = this.model.fifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
    const policy = { deadLetterTargetArn: arnOf(this.deadName), maxReceiveCount: maxReceives };
    await this.sqs.create(this.deadName, type);
    await this.sqs.create(this.name, {
      ...type,
      VisibilityTimeout: String(visibilityMs / 1000),
      MessageRetentionPeriod: String(retentionMs / 1000),
      RedrivePolicy: JSON.stringify(policy),
    });
  }

  async step(step: Step): Promise<void> {
    this.model.expire(this.clock.now());
    if (step.do === 'send') {
      await this.send(step.group, this.model.fifo ? 0 : step.delay);
    }
    if (step.do === 'receive') {
      await this.receive(step.max, step.timeout);
    }
    if (step.do === 'delete') {
      await this.delete(step.which);
    }
    if (step.do === 'change') {
      await this.change(step.which, step.timeout);
    }
    if (step.do === 'wait') {
      await this.clock.advance(step.seconds * 1000);
    }
    if (step.do === 'reopen') {
      this.sqs = openSqs({ clock: this.clock, store: this.sqs.store });
    }
    await this.compareCounts();
  }

  async send(group: string, delay: number): Promise<void> {
    const body = `${group}-${this.sent++}`;
    const ids = this.model.fifo ? { MessageGroupId: group } : { DelaySeconds: delay };
    await this.sqs.send(this.name, body, ids);
    const sentAt = this.clock.now();
    this.model.messages.push({
      body,
      group,
      sentAt,
      visibleAt: sentAt + delay * 1000,
      receives: 0,
      handle: '',
    });
  }

  async receive(max: number, timeout: number | undefined): Promise<void> {
    const now = this.clock.now();
    const received = await this.sqs.receive(this.name, {
      MaxNumberOfMessages: max,
      VisibilityTimeout: timeout,
      MessageSystemAttributeNames: ['All'],
    });
    const kept = new Set(this.sqs.sqs.peek(arnOf(this.name), 1000).map(({ body }) => body));
    this.model.retire(({ body }) => !kept.has(body), now);
    const taken = new Set<ModelMessage>();
    for (const message of received) {
      taken.add(this.checkReceived(message, taken, now));
    }
    expect(taken.size).toBe(received.length);
    if (received.length < max) {
      // No message that could have been delivered was held back.
      const missed = this.model.messages.filter(
        (each) => !taken.has(each) && this.model.mayReceive(each, taken, now),
      );
      expect(missed.map(({ body }) => body)).toEqual([]);
    }
    for (const message of taken) {
      message.visibleAt = now + (timeout === undefined ? visibilityMs : timeout * 1000);
    }
  }

  checkReceived(message: Received, taken: ReadonlySet<ModelMessage>, now: number): ModelMessage {
    const expected = this.model.messages.find(({ body }) => body === message.Body);
    if (!expected) {
      throw new Error(`${message.Body} was received, but is not in the queue`);
    }
    if (!this.model.mayReceive(expected, taken, now)) {
      throw new Error(`${message.Body} was received, but must not be now`);
    }
    expected.receives += 1;
    expected.handle = message.ReceiptHandle;
    expect(message.Attributes?.ApproximateReceiveCount).toBe(String(expected.receives));
    return expected;
  }

  /** One of the messages that were received and are not deleted, if there is any. */
  pick(which: number): ModelMessage | undefined {
    const received = this.model.messages.filter(({ handle }) => handle !== '');
    return received[which % Math.max(1, received.length)];
  }

  isOutdated = (message: ModelMessage) => this.model.fifo && message.visibleAt <= this.clock.now();

  async delete(which: number): Promise<void> {
    const message = this.pick(which);
    if (!message) {
      return;
    }
    const input = { QueueUrl: urlOf(this.name), ReceiptHandle: message.handle };
    const refusal = await this.sqs.refusal('DeleteMessage', input);
    expect(refusal === 'none').toBe(!this.isOutdated(message));
    if (refusal === 'none') {
      this.model.messages.splice(this.model.messages.indexOf(message), 1);
    }
  }

  async change(which: number, timeout: number): Promise<void> {
    const message = this.pick(which);
    if (!message) {
      return;
    }
    const refusal = await this.sqs.refusal('ChangeMessageVisibility', {
      QueueUrl: urlOf(this.name),
      ReceiptHandle: message.handle,
      VisibilityTimeout: timeout,
    });
    const now = this.clock.now();
    expect(refusal === 'none').toBe(message.visibleAt > now);
    if (message.visibleAt > now) {
      message.visibleAt = now + timeout * 1000;
    }
  }

  async compareCounts(): Promise<void> {
    const now = this.clock.now();
    this.model.expire(now);
    const { messages, dead } = this.model;
    const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter(({ receives }) => receives > 0).length;
    const visible = messages.length - hidden.length;
    expect(await this.sqs.counts(this.name)).toEqual([visible, inFlight, hidden.length - inFlight]);
    expect((await this.sqs.counts(this.deadName))[0]).toBe(dead.length);
  }
}

describe.each([
  ['standard', false],
  ['FIFO', true],
])('a %s queue', (_type, fifo) => {
  test('loses nothing, delivers nothing twice at a time, and keeps its order, whatever is done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 60, size: 'max' }), async (sequence) => {
        const run = new Run(fifo);
        await run.create();
        for (const step of sequence) {
          await run.step(step);
        }
        run.sqs.store.close();
      }),
      { numRuns: 60 },
    );
  });
});
