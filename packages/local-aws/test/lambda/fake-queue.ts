import { createHash } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import type {
  QueueMessage,
  QueueSource,
  ReceiveOptions,
} from '../../src/lambda/event-source-mapping/mapping-settings.ts';

interface Stored {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
  receives: number;
}

/** A queue in memory with a visibility timeout and long polling. */
export class FakeQueue implements QueueSource {
  readonly #clock: Clock;
  readonly #visibilityMs: number;
  readonly messages: Stored[] = [];
  /** The messages of each receive that gave any. */
  readonly received: number[] = [];
  receives = 0;
  failing = false;
  #wake: (() => void)[] = [];

  constructor(clock: Clock, visibilityMs = 30_000) {
    this.#clock = clock;
    this.#visibilityMs = visibilityMs;
  }

  send(...bodies: string[]): void {
    for (const body of bodies) {
      const id = `message-${this.messages.length + 1}-${body.slice(0, 20)}`;
      this.messages.push({ id, body, visibleAt: 0, receives: 0 });
    }
    for (const wake of this.#wake.splice(0)) {
      wake();
    }
  }

  get bodies(): string[] {
    return this.messages.map(({ body }) => body);
  }

  async receive(_queueArn: string, options: ReceiveOptions): Promise<QueueMessage[]> {
    this.receives += 1;
    if (this.failing) {
      throw new Error('The queue does not exist.');
    }
    const end = this.#clock.now() + options.waitSeconds * 1000;
    for (;;) {
      const taken = this.messages
        .filter(({ visibleAt }) => visibleAt <= this.#clock.now())
        .slice(0, options.maxMessages);
      if (taken.length > 0) {
        this.received.push(taken.length);
      }
      if (taken.length > 0) {
        return taken.map((message) => this.#take(message));
      }
      if (options.signal.aborted || this.#clock.now() >= end) {
        return [];
      }
      await this.#change(end, options.signal);
    }
  }

  async deleteMessages(_queueArn: string, handles: readonly string[]): Promise<void> {
    for (const handle of handles) {
      const index = this.messages.findIndex(({ id }) => handle.startsWith(`${id}#`));
      if (index >= 0) {
        this.messages.splice(index, 1);
      }
    }
  }

  async changeVisibility(_queueArn: string, handle: string, seconds: number): Promise<void> {
    const message = this.messages.find(({ id }) => handle.startsWith(`${id}#`));
    if (message) {
      message.visibleAt = this.#clock.now() + seconds * 1000;
    }
  }

  #take(message: Stored): QueueMessage {
    message.visibleAt = this.#clock.now() + this.#visibilityMs;
    message.receives += 1;
    return {
      MessageId: message.id,
      ReceiptHandle: `${message.id}#${message.receives}`,
      Body: message.body,
      MD5OfBody: createHash('md5').update(message.body).digest('hex'),
      Attributes: { ApproximateReceiveCount: String(message.receives) },
    };
  }

  /** Resolves when a message was sent or becomes visible, at the end, or when aborted. */
  async #change(end: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const next = Math.min(end, ...this.messages.map(({ visibleAt }) => visibleAt));
    const cancel = this.#clock.after(next - this.#clock.now(), resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#wake.push(resolve);
    await promise;
    cancel();
  }
}
