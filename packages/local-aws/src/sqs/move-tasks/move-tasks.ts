import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { StoredMessage } from '../messages/message.ts';
import type { MessageTable } from '../messages/message-table.ts';
import type { QueueContents } from '../messages/queue-contents.ts';
import type { WaitingReceivers } from '../messages/waiting-receivers.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import type { QueueTable } from '../queues/queue-table.ts';
import { type MoveTask, stepOf } from './move-task.ts';
import { MoveTaskTable } from './move-task-table.ts';

/** The queues that move tasks work on. */
interface MovableQueues {
  readonly store: Store;
  readonly clock: Clock;
  readonly queues: QueueTable;
  readonly messages: MessageTable;
  readonly contents: QueueContents;
  readonly receivers: WaitingReceivers;
  /** Integer milliseconds. */
  now(): number;
}

/**
 * Runs move tasks in steps by the clock. A stored task continues from its last step when the store
 * is reopened.
 */
export class MoveTasks {
  readonly table: MoveTaskTable;
  readonly #broker: MovableQueues;
  readonly #cancelAlarms = new Map<string, () => void>();

  constructor(broker: MovableQueues) {
    this.#broker = broker;
    this.table = new MoveTaskTable(broker.store.db);
  }

  /** Continues the tasks that ran when the store was closed. */
  resume(): void {
    for (const task of this.table.running()) {
      this.#setAlarm(task);
    }
  }

  start(source: Queue, destination: Queue | undefined, rate: number | undefined): MoveTask {
    const now = this.#broker.now();
    const task: MoveTask = {
      id: randomUUID(),
      sourceArn: source.arn,
      destinationArn: destination?.arn,
      rate,
      status: 'RUNNING',
      moved: 0,
      ...this.table.extent(source.id, now),
      startedAt: now,
      nextStepAt: now,
      failureReason: undefined,
    };
    this.table.insert(task);
    this.#setAlarm(task);
    return task;
  }

  cancel(task: MoveTask): void {
    this.table.update({ ...task, status: 'CANCELLED' });
    this.#cancelAlarms.get(task.id)?.();
    this.#cancelAlarms.delete(task.id);
  }

  close(): void {
    for (const cancelAlarm of this.#cancelAlarms.values()) {
      cancelAlarm();
    }
    this.#cancelAlarms.clear();
  }

  #setAlarm(task: MoveTask): void {
    const { clock } = this.#broker;
    const step = () => this.#broker.store.transaction(() => this.#step(task.id));
    this.#cancelAlarms.set(task.id, clock.after(task.nextStepAt - clock.now(), step));
  }

  /** Moves the next messages and saves the task's progress, in one transaction. */
  #step(id: string): void {
    this.#cancelAlarms.delete(id);
    const task = this.table.find(id);
    if (task?.status !== 'RUNNING') {
      return;
    }
    const after = this.#advance(task);
    this.table.update(after);
    if (after.status === 'RUNNING') {
      this.#setAlarm(after);
    }
  }

  #advance(task: MoveTask): MoveTask {
    const { queues, contents } = this.#broker;
    const now = this.#broker.now();
    const source = queues.findByArn(task.sourceArn);
    if (!source) {
      return { ...task, status: 'FAILED', failureReason: noQueue };
    }
    contents.expire(source, now);
    const { size, pauseMs } = stepOf(task.rate);
    let { moved } = task;
    const movable = this.table.movable(source.id, now, task.lastSeq, size);
    for (const message of movable) {
      const arn = task.destinationArn ?? message.sourceArn;
      if (arn === undefined) {
        return { ...task, moved, status: 'FAILED', failureReason: noSource };
      }
      const destination = queues.findByArn(arn);
      if (!destination) {
        return { ...task, moved, status: 'FAILED', failureReason: noQueue };
      }
      this.#redrive(message, source, destination, now);
      moved += 1;
    }
    const status = movable.length < size || moved >= task.toMove ? 'COMPLETED' : 'RUNNING';
    // Late steps are not caught up: that would exceed the rate.
    return { ...task, moved, status, nextStepAt: Math.max(now, task.nextStepAt + pauseMs) };
  }

  /** "All redriven messages are considered new messages with a new messageID and enqueueTime" (developer guide). */
  #redrive(message: StoredMessage, from: Queue, to: Queue, now: number): void {
    this.#broker.messages.withdraw(message, from.fifo);
    this.#broker.messages.place({
      ...message,
      fifo: to.fifo,
      queueId: to.id,
      messageId: randomUUID(),
      visibleAt: now,
      enqueuedAt: now,
      firstReceivedAt: undefined,
      receives: 0,
      earlierReceives: 0,
      sourceArn: undefined,
    });
    this.#broker.receivers.wake(to.id);
  }
}

/** `FailureReason` as AWS gives it for a queue deleted meanwhile. */
const noQueue = 'AWS.SimpleQueueService.NonExistentQueue';
/**
 * `FailureReason` for a message that was sent to the dead-letter queue directly, when the task
 * names no destination.
 */
const noSource = 'CouldNotDetermineMessageSource';
