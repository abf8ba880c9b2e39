import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { AsyncInvokeSettings } from '../function-settings.ts';
import type { Outcome } from './invocation.ts';

/** One event that waits for its function. */
interface QueuedEvent {
  readonly id: number;
  readonly functionArn: string;
  readonly requestId: string;
  readonly payload: string;
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Milliseconds on the clock. */
  readonly receivedAt: number;
}

/** The dependencies of asynchronous invocations. */
interface AsyncRunner {
  /** Runs the function; rejects when it is throttled or cannot be run now. */
  run(event: QueuedEvent): Promise<Outcome>;
  settings(functionArn: string): AsyncInvokeSettings;
}

/** Lambda's schedule after a function error: one minute, then two (Lambda Developer Guide). */
const retryDelaysMs = [60_000, 120_000];
const defaultRetries = 2;
const defaultMaxAgeSeconds = 6 * 3600;
/** After a throttle Lambda waits one second at first, up to five minutes (the same page). */
const throttleDelayMs = 1_000;
const maxThrottleDelayMs = 300_000;
/** Maximum number of concurrent events of one function. */
const maxRunning = 10;

/**
 * Asynchronous invocations. An event is kept in the store until it has succeeded or has failed finally, so that
 * an event accepted with 202 survives a crash. An event whose execution was interrupted by a crash runs again,
 * since asynchronous invocation is at-least-once in Lambda
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
 */
export class AsyncInvocations {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #runner: AsyncRunner;
  readonly #running = new Map<string, Set<number>>();
  readonly #alarms = new Map<string, () => void>();
  readonly #throttles = new Map<string, number>();
  #isClosed = false;

  constructor(store: Store, clock: Clock, runner: AsyncRunner) {
    this.#db = store.db;
    this.#clock = clock;
    this.#runner = runner;
    this.#db.exec(`CREATE TABLE IF NOT EXISTS lambda_async_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      function_arn TEXT NOT NULL,
      request_id TEXT NOT NULL,
      payload TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS lambda_async_due ON lambda_async_events (function_arn, due_at);`);
  }

  /** Stores the event, so that a crash does not lose it. */
  add(functionArn: string, requestId: string, payload: string): void {
    const now = this.#clock.now();
    this.#db
      .prepare(
        `INSERT INTO lambda_async_events (function_arn, request_id, payload, attempts, received_at, due_at)
         VALUES (?, ?, ?, 0, ?, ?)`,
      )
      .run(functionArn, requestId, payload, now, now);
    this.resume(functionArn);
  }

  /** Runs the due events of a function; called when the function has been created. */
  resume(functionArn: string): void {
    if (this.#isClosed) {
      return;
    }
    this.#alarms.get(functionArn)?.();
    this.#alarms.delete(functionArn);
    const running = this.#running.get(functionArn) ?? new Set();
    this.#running.set(functionArn, running);
    const now = this.#clock.now();
    for (const { event, dueAt } of this.#earliest(functionArn)) {
      if (running.size >= maxRunning) {
        return;
      }
      if (running.has(event.id)) {
        continue;
      }
      if (dueAt > now) {
        const cancel = this.#clock.after(dueAt - now, () => this.resume(functionArn));
        this.#alarms.set(functionArn, cancel);
        return;
      }
      running.add(event.id);
      void this.#attempt(event).finally(() => {
        running.delete(event.id);
        this.resume(functionArn);
      });
    }
  }

  /** Deletes the events of a function that was deleted. */
  discard(functionArn: string): void {
    this.#alarms.get(functionArn)?.();
    this.#alarms.delete(functionArn);
    this.#db.prepare('DELETE FROM lambda_async_events WHERE function_arn = ?').run(functionArn);
  }

  /** Events that are not finished, over all functions. */
  pending(): number {
    const row = this.#db.prepare('SELECT count(*) AS n FROM lambda_async_events').get();
    return Number(row?.n);
  }

  /** Starts no more executions. Unfinished events stay in the store. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#alarms.values()) {
      cancel();
    }
    this.#alarms.clear();
  }

  async #attempt(event: QueuedEvent): Promise<void> {
    const settings = this.#runner.settings(event.functionArn);
    const age = this.#clock.now() - event.receivedAt;
    if (age > (settings.maximumEventAgeSeconds ?? defaultMaxAgeSeconds) * 1000) {
      await this.#failFinally(event, settings, 'EventAgeExceeded');
      return;
    }
    let outcome: Outcome;
    try {
      outcome = await this.#runner.run(event);
    } catch {
      const delay = this.#throttles.get(event.functionArn) ?? throttleDelayMs;
      this.#throttles.set(event.functionArn, Math.min(delay * 2, maxThrottleDelayMs));
      this.#postpone(event, event.attempts, delay);
      return;
    }
    if (this.#isClosed && outcome.functionError) {
      return;
    }
    this.#throttles.delete(event.functionArn);
    if (!outcome.functionError) {
      await this.#succeed(event, settings, outcome);
    } else if (event.attempts >= (settings.maximumRetryAttempts ?? defaultRetries)) {
      await this.#failFinally(event, settings, 'RetriesExhausted', outcome);
    } else {
      const delay = retryDelaysMs[event.attempts] ?? maxThrottleDelayMs;
      this.#postpone(event, event.attempts + 1, delay);
    }
  }

  /**
   * An event that succeeded must not run again, so a record that its destination refuses is
   * dropped.
   */
  async #succeed(
    event: QueuedEvent,
    settings: AsyncInvokeSettings,
    outcome: Outcome,
  ): Promise<void> {
    const { onSuccess } = settings;
    try {
      await onSuccess?.(invocationRecord(event, 'Success', this.#clock.now(), outcome));
    } catch {
      // As in Lambda, which counts it (DestinationDeliveryFailures) and continues.
    } finally {
      this.#remove(event);
    }
  }

  async #failFinally(
    event: QueuedEvent,
    settings: AsyncInvokeSettings,
    condition: 'EventAgeExceeded' | 'RetriesExhausted',
    outcome?: Outcome,
  ): Promise<void> {
    const record = invocationRecord(event, condition, this.#clock.now(), outcome);
    try {
      await settings.onFailure?.(record);
      this.#remove(event);
    } catch {
      // The destination refused the record. It must not be lost, so it is sent again later.
      this.#postpone(event, event.attempts, maxThrottleDelayMs);
    }
  }

  #earliest(functionArn: string): { readonly event: QueuedEvent; readonly dueAt: number }[] {
    const rows = this.#db
      .prepare(
        'SELECT * FROM lambda_async_events WHERE function_arn = ? ORDER BY due_at, id LIMIT ?',
      )
      .all(functionArn, 2 * maxRunning + 1);
    return rows.map((row) => ({
      dueAt: Number(row.due_at),
      event: {
        id: Number(row.id),
        functionArn,
        requestId: String(row.request_id),
        payload: String(row.payload),
        attempts: Number(row.attempts),
        receivedAt: Number(row.received_at),
      },
    }));
  }

  #postpone(event: QueuedEvent, attempts: number, delayMs: number): void {
    this.#db
      .prepare('UPDATE lambda_async_events SET attempts = ?, due_at = ? WHERE id = ?')
      .run(attempts, this.#clock.now() + delayMs, event.id);
  }

  #remove(event: QueuedEvent): void {
    this.#db.prepare('DELETE FROM lambda_async_events WHERE id = ?').run(event.id);
  }
}

/**
 * The invocation record that a destination gets
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
function invocationRecord(
  event: QueuedEvent,
  condition: 'EventAgeExceeded' | 'RetriesExhausted' | 'Success',
  now: number,
  outcome?: Outcome,
): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts + (outcome ? 1 : 0),
    },
    requestPayload: parse(event.payload),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: outcome.functionError,
      },
      responsePayload: parse(outcome.payload),
    }),
  });
}

/** A custom runtime may send a result that is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
