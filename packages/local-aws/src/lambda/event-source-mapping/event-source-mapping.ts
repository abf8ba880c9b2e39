import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../clock.ts';
import { mappingNotFound, readFunctionReference } from '../function-settings.ts';
import {
  type BatchOptions,
  handleBatch,
  maxMessagesPerReceive,
  type RecordFilter,
  readBatch,
} from './batches.ts';
import {
  checkMapping,
  defaultBatchSize,
  type MappingPorts,
  type MappingSettings,
  type QueueMessage,
} from './mapping-settings.ts';

/**
 * The first pause when a function is throttled or a queue does not exist; doubled up to the
 * maximum.
 */
const firstPauseMs = 1_000;
const lastPauseMs = 60_000;

/**
 * Minimum time after a batch that was not full, in milliseconds of the clock. A single message is
 * processed immediately; a series of messages comes in fuller batches, because a batch costs as much
 * as one message.
 */
const paceMs = 40;

/**
 * Polls a queue and calls a function with its messages
 * (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). Messages that were processed are
 * deleted; failed messages stay in the queue and can be received again after their visibility
 * timeout.
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
  /** The next batch is not read before this time. */
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

  /** Stops polling, and resolves when the function has finished its batches. */
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
      await this.#slots.acquire();
      await this.#pause();
      if (signal.aborted) {
        return;
      }
      const messages = await this.#receive({ queueArn, size, windowSeconds });
      this.#slots.observe(messages.length, size);
      const isPartial =
        messages.length > 0 && messages.length < Math.min(size, maxMessagesPerReceive);
      this.#pacedUntil = isPartial ? this.#ports.clock.now() + paceMs : 0;
      if (messages.length === 0) {
        this.#slots.release();
      } else if (signal.aborted) {
        await this.#returnMessages(messages);
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
      // The queue does not exist yet, or no longer.
      this.#lengthenPause();
      return [];
    }
  }

  #start(messages: readonly QueueMessage[]): void {
    const work = handleBatch(messages, this.#settings, this.#filters, this.#ports)
      .then(() => {
        this.#pauseMs = 0;
      })
      .catch(() => this.#lengthenPause())
      .finally(() => {
        this.#working.delete(work);
        this.#slots.release();
      });
    this.#working.add(work);
  }

  /** Makes messages that arrived while stopping visible again at once. */
  async #returnMessages(messages: readonly QueueMessage[]): Promise<void> {
    const { eventSourceArn } = this.#settings;
    const returned = messages.map(({ ReceiptHandle }) =>
      this.#ports.queues.changeVisibility(eventSourceArn, ReceiptHandle, 0),
    );
    await Promise.allSettled(returned);
  }

  #lengthenPause(): void {
    this.#pauseMs = Math.min(Math.max(firstPauseMs, this.#pauseMs * 2), lastPauseMs);
  }

  /**
   * Waits after a refusal, since each receive counts towards `maxReceiveCount`, and after a batch that
   * was not full.
   */
  async #pause(): Promise<void> {
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
 * How long all slots must be in use before a slot is added, in milliseconds of the clock. The time is
 * short when the last batch was full, since more messages are waiting. Otherwise it is longer, since a
 * fuller next batch costs less than another process.
 */
const growthWithBacklogMs = 100;
const growthMs = 500;

/**
 * The number of batches of one queue that a function may process concurrently. It starts at one and
 * grows up to `max` while messages wait, as Lambda adds pollers, and returns to one when the queue is
 * empty. A fast function therefore gets full batches in one process, not small batches in many.
 */
class BatchSlots {
  readonly #max: number;
  readonly #clock: Clock;
  #limit = 1;
  #inUse = 0;
  #hasBacklog = false;
  #wake: (() => void) | undefined;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  /** Resolves when a slot is free, and acquires it. Only one caller may wait at a time. */
  async acquire(): Promise<void> {
    while (this.#inUse >= this.#limit) {
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
    this.#inUse += 1;
  }

  release(): void {
    this.#inUse -= 1;
    this.#wake?.();
  }

  /** Reports how full the last batch was: an empty one resets the limit to one slot. */
  observe(received: number, batchSize: number): void {
    this.#hasBacklog = received >= batchSize;
    if (received === 0) {
      this.#limit = 1;
    }
  }
}

/** A mapping and the properties that the API returns. */
export interface LocalMapping {
  readonly uuid: string;
  readonly settings: MappingSettings;
  /** Epoch milliseconds of real time. */
  readonly lastModified: number;
}

interface Entry extends LocalMapping {
  /** Undefined while the mapping is disabled. */
  readonly poller: EventSourceMapping | undefined;
}

/** The event source mappings of this machine. */
export class EventSourceMappings {
  readonly #ports: MappingPorts;
  readonly #entries = new Map<string, Entry>();
  readonly #stopping = new Set<Promise<void>>();

  constructor(ports: MappingPorts) {
    this.#ports = ports;
  }

  /**
   * Creates a mapping, or updates the one between the same queue and function, and polls the queue
   * unless the mapping is disabled. Its id is the same at each start. Throws
   * `InvalidParameterValueException`.
   */
  put(settings: MappingSettings): LocalMapping {
    checkMapping(settings);
    const uuid = nameMapping(settings);
    const present = this.#entries.get(uuid);
    if (present && isDeepStrictEqual(present.settings, settings)) {
      return present;
    }
    if (present?.poller) {
      this.#stop(present.poller);
    }
    return this.#put(uuid, settings);
  }

  /** Throws `ResourceNotFoundException`. */
  delete(uuid: string): void {
    const entry = this.#entries.get(uuid);
    if (!entry) {
      throw mappingNotFound();
    }
    this.#entries.delete(uuid);
    if (entry.poller) {
      this.#stop(entry.poller);
    }
  }

  list(): LocalMapping[] {
    return [...this.#entries.values()];
  }

  /** Stops polling. Resolves when all received messages have been processed. */
  async close(): Promise<void> {
    for (const { poller } of this.#entries.values()) {
      if (poller) {
        this.#stop(poller);
      }
    }
    await Promise.all(this.#stopping);
  }

  #put(uuid: string, settings: MappingSettings): LocalMapping {
    const poller =
      settings.enabled === false ? undefined : new EventSourceMapping(settings, this.#ports);
    const entry = { uuid, settings, poller, lastModified: Date.now() };
    this.#entries.set(uuid, entry);
    return entry;
  }

  #stop(poller: EventSourceMapping): void {
    const stopped = poller.stop();
    this.#stopping.add(stopped);
    void stopped.finally(() => this.#stopping.delete(stopped));
  }
}

function nameMapping({ functionName, eventSourceArn }: MappingSettings): string {
  const name = readFunctionReference(functionName)?.name ?? functionName;
  const hex = createHash('sha256').update(`${name} ${eventSourceArn}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
