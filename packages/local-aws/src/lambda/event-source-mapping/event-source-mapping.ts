import type { Clock } from '../../clock.ts';
import { handleBatch, type RecordFilter } from './batch-handler.ts';
import { type BatchOptions, maxMessagesPerReceive, readBatch } from './batch-reader.ts';
import { defaultBatchSize, type MappingPorts, type MappingSettings } from './mapping-settings.ts';
import type { QueueMessage } from './sqs-queue-source.ts';

/** The first pause when a function is throttled or a queue is not there, doubled up to the last. */
const firstPauseMs = 1_000;
const lastPauseMs = 60_000;

/**
 * The least time from one batch to the next while batches are not full, in milliseconds of the
 * clock. One message is given out at once; many, one after the other, in fuller batches, each of
 * which costs as much as a message does.
 */
const paceMs = 40;

/**
 * Polls a queue and calls a function with its messages
 * (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). Messages that were handled are
 * deleted; what fails stays in the queue and comes back when its visibility timeout is over.
 */
export class EventSourceMapping {
  readonly #settings: MappingSettings;
  readonly #ports: MappingPorts;
  readonly #filters: readonly RecordFilter[];
  readonly #slots: BatchSlots;
  readonly #stopped = new AbortController();
  readonly #working = new Set<Promise<void>>();
  readonly #polling: Promise<void>;
  #pauseMs = 0;
  /** Before then, the next batch is not read. */
  #pacedUntil = 0;

  /** Starts at once. Throws if a filter is invalid. */
  constructor(settings: MappingSettings, ports: MappingPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#filters = (settings.filterPatterns ?? []).map(ports.compileFilter);
    const concurrency = settings.maximumConcurrency ?? ports.defaultConcurrency;
    this.#slots = new BatchSlots(concurrency, ports.clock);
    this.#polling = this.#poll();
  }

  /** Receives nothing more, and resolves when the batches that are with the function are done. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#polling;
    await Promise.all(this.#working);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped;
    const { eventSourceArn: queueArn, batchSize: size = defaultBatchSize } = this.#settings;
    const windowSeconds = this.#settings.maximumBatchingWindowSeconds ?? 0;
    for (;;) {
      await this.#slots.take();
      await this.#rest();
      if (signal.aborted) {
        return;
      }
      const messages = await this.#receive({ queueArn, size, windowSeconds });
      this.#slots.observe(messages.length, size);
      const isThin = messages.length > 0 && messages.length < Math.min(size, maxMessagesPerReceive);
      this.#pacedUntil = isThin ? this.#ports.clock.now() + paceMs : 0;
      if (messages.length === 0) {
        this.#slots.release();
      } else if (signal.aborted) {
        await this.#giveBack(messages);
        return;
      } else {
        this.#start(messages);
      }
    }
  }

  async #receive(options: BatchOptions): Promise<readonly QueueMessage[]> {
    const { queues, clock } = this.#ports;
    try {
      return await readBatch(queues, clock, options, this.#stopped.signal);
    } catch {
      // The queue is not there (any more, or yet).
      this.#slowDown();
      return [];
    }
  }

  #start(messages: readonly QueueMessage[]): void {
    const work = handleBatch(messages, this.#settings, this.#filters, this.#ports)
      .then(() => {
        this.#pauseMs = 0;
      })
      .catch(() => this.#slowDown())
      .finally(() => {
        this.#working.delete(work);
        this.#slots.release();
      });
    this.#working.add(work);
  }

  /** Makes messages that came when we were told to stop available to others at once. */
  async #giveBack(messages: readonly QueueMessage[]): Promise<void> {
    const { eventSourceArn } = this.#settings;
    const returned = messages.map(({ ReceiptHandle }) =>
      this.#ports.queues.changeVisibility(eventSourceArn, ReceiptHandle, 0),
    );
    await Promise.allSettled(returned);
  }

  #slowDown(): void {
    this.#pauseMs = Math.min(Math.max(firstPauseMs, this.#pauseMs * 2), lastPauseMs);
  }

  /**
   * Waits after a refusal, since messages received in vain only come closer to their dead-letter
   * queue, and after a thin batch.
   */
  async #rest(): Promise<void> {
    const { signal } = this.#stopped;
    const { clock } = this.#ports;
    const pauseMs = Math.max(this.#pauseMs, this.#pacedUntil - clock.now());
    if (pauseMs <= 0 || signal.aborted) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const cancel = clock.after(pauseMs, wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    signal.removeEventListener('abort', wake);
    cancel();
  }
}

/**
 * How long all slots must have been taken before there is one more, in milliseconds of the clock:
 * soon if the last batch was full, so that more is waiting; later if it may be that a short wait
 * makes the next batch fuller, which costs less than another process.
 */
const growthWithBacklogMs = 100;
const growthMs = 500;

/**
 * How many batches of one queue may be with the function at the same time. It starts at one and
 * grows while the function keeps up too slowly, up to `max`, as Lambda adds pollers while a backlog
 * stays; it falls back when the queue is empty. A fast function so gets fuller batches in one
 * process instead of thin ones in many.
 */
export class BatchSlots {
  readonly #max: number;
  readonly #clock: Clock;
  #limit = 1;
  #taken = 0;
  #hasBacklog = false;
  #wake: (() => void) | undefined;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  /** Batches that are with the function. */
  get taken(): number {
    return this.#taken;
  }

  /** Resolves when there is a slot, which is then taken. One caller at a time. */
  async take(): Promise<void> {
    while (this.#taken >= this.#limit) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const growth = this.#hasBacklog ? growthWithBacklogMs : growthMs;
      const cancel = this.#clock.after(growth, () => {
        this.#limit = Math.min(this.#limit + 1, this.#max);
        resolve();
      });
      await promise;
      cancel();
    }
    this.#taken += 1;
  }

  release(): void {
    this.#taken -= 1;
    this.#wake?.();
  }

  /** Tells how much of a batch the queue had: nothing makes one slot enough again. */
  observe(received: number, batchSize: number): void {
    this.#hasBacklog = received >= batchSize;
    if (received === 0) {
      this.#limit = 1;
    }
  }
}
