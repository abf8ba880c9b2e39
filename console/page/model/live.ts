import { effect } from '@preact/signals';
import type { LiveUpdate } from '../../server/http/live.ts';
import type { Commands, OverviewAnswer } from '../../server/routes/routes.ts';
import { filter } from './address.ts';
import { ConsoleError, get, open } from './api.ts';
import { reload, takeUpdate } from './event-list.ts';
import * as store from './store.ts';

/** How long the page waits before it connects again, in milliseconds: the first times, and then always. */
const pausesMs = [1_000, 2_000, 3_000, 5_000] as const;

/** Called with the numbers of the events to which something has happened. */
export const changeListeners = new Set<(eventIds: ReadonlySet<string>) => void>();

/** Connects, and reconnects for as long as the page is open. */
export function startLive(): void {
  let stop = new AbortController();
  effect(() => {
    // Another filter is another stream.
    const query = { ...filter.value, reveal: store.reveal.value };
    stop.abort();
    stop = new AbortController();
    void follow(query, stop.signal);
  });
  setInterval(sample, sampleMs);
}

/** Reads the pipeline: its rules, queues and consumers. */
async function loadOverview(signal: AbortSignal): Promise<void> {
  try {
    store.overview.value = await get<OverviewAnswer>('overview', {}, signal);
    store.trouble.value = undefined;
  } catch (error) {
    if (error instanceof ConsoleError && error.status !== 401) {
      // The server is there, and cannot read the pipeline: credentials, permissions, the network.
      store.trouble.value = error.message;
      setTimeout(() => void loadOverview(signal), pausesMs[2]);
    }
  }
}

/** Reads what a person types, which the page also names where the pipeline cannot be read. */
async function loadCommands(signal: AbortSignal): Promise<void> {
  try {
    store.commands.value = await get<Commands>('commands', {}, signal);
  } catch {
    // The connection reports it; the next one asks again.
  }
}

async function follow(query: Readonly<Record<string, string | undefined>>, signal: AbortSignal) {
  for (let failed = 0; !signal.aborted; failed += 1) {
    let reason: string | undefined;
    try {
      const from = await reload();
      void loadCommands(signal);
      if (!store.overview.value || failed > 0) {
        void loadOverview(signal);
      }
      const position = { head: from?.head, changes: from?.changes };
      const response = await open('live', { ...query, ...position }, signal);
      store.connection.value = { state: 'connected' };
      failed = 0;
      for await (const update of readLines(response)) {
        take(update);
      }
    } catch (error) {
      if (error instanceof ConsoleError && error.status === 401) {
        reason = error.message;
      } else if (error instanceof ConsoleError) {
        store.trouble.value = error.message;
      }
    }
    if (!signal.aborted) {
      const pause = pausesMs[Math.min(failed, pausesMs.length - 1)] ?? 0;
      const retryAt = Date.now() + pause;
      store.connection.value = { state: 'gone', retryAt, ...(reason !== undefined && { reason }) };
      store.rate.value = 0;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}

async function* readLines(response: Response): AsyncGenerator<LiveUpdate> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) {
      return;
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield JSON.parse(line) as LiveUpdate;
    }
  }
}

function take(update: LiveUpdate): void {
  store.clockAhead.value = update.now - Date.now();
  store.held.value = update.held;
  store.flow.value = update.flow;
  before ??= update.flow;
  store.failures.value = update.failures;
  store.p95Ms.value = update.p95Ms;
  if (update.queues) {
    store.queues.value = update.queues;
  }
  if (update.error !== undefined || update.queues) {
    store.trouble.value = update.error;
  }
  takeUpdate(update);
  const changed = new Set(update.changed.map(({ eventId }) => eventId));
  for (const listener of changeListeners) {
    listener(changed);
  }
}

/** Time between two samples of the rates, and how many are kept: a minute. */
const sampleMs = 2_000;
const maxSamples = 30;

let before: LiveUpdate['flow'] | undefined;

/** Takes what came since the last sample. Without events there is no update: the rates fall to zero. */
function sample(): void {
  const flow = store.flow.value;
  if (flow && before) {
    store.settled.value = flow.published;
    store.rate.value = Math.max(0, flow.published - before.published) / (sampleMs / 1_000);
    const earlier = before.delivered;
    store.recent.value = new Map(
      Object.entries(flow.delivered).map(([target, count]) => {
        const more = Math.max(
          0,
          count - (Object.hasOwn(earlier, target) ? (earlier[target] ?? 0) : 0),
        );
        const samples = store.recent.value.get(target) ?? [];
        return [target, [...samples, more].slice(-maxSamples)];
      }),
    );
  }
  before = flow;
}

/** Events per second of a target, from its samples. */
export const rateOf = (samples: readonly number[] | undefined): number =>
  (samples?.at(-1) ?? 0) / (sampleMs / 1_000);
