import { effect } from '@preact/signals';
import type { LiveUpdate } from '../../server/http/live.ts';
import type { Commands, OverviewAnswer } from '../../server/routes/routes.ts';
import { filter } from './address.ts';
import { ConsoleError, get, open, serverKey } from './api.ts';
import { isFollowing, reload, resumed, takeUpdate } from './event-list.ts';
import * as store from './store.ts';

/** Pauses before each attempt to reconnect, in milliseconds; the last one is repeated. */
const pausesMs = [1_000, 2_000, 3_000, 5_000] as const;

/** Called with the ids of the events that have changed. */
export const changeListeners = new Set<(eventIds: ReadonlySet<string>) => void>();

/** Connects, and reconnects for as long as the page is open. */
export function startLive(): void {
  let stop = new AbortController();
  effect(() => {
    // Another filter is another stream, and so is a list that follows new events again.
    resumed.value;
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
      // The server responds, but cannot read the pipeline: credentials, permissions, the network.
      store.trouble.value = error.message;
      setTimeout(() => void loadOverview(signal), pausesMs[2]);
    }
  }
}

/** How long a tab that is not to be seen waits between two looks, in milliseconds. */
const backgroundMs = 10_000;

/** Resolves when the tab is to be seen again, or when it is time for another look. */
function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, backgroundMs);
    document.addEventListener('visibilitychange', end, over);
    signal.addEventListener('abort', end, over);
  });
}

/**
 * Whether the tab holds no connection all the time: a browser has six to one host for all tabs together, and a
 * seventh tab would load for ever. A console of an AWS account listens as long as a page is connected.
 */
const isInBackground = () => document.hidden && store.overview.value?.mode === 'local';

/** Reads what a person types, which the page also names where the pipeline cannot be read. */
async function loadCommands(signal: AbortSignal): Promise<void> {
  try {
    store.commands.value = await get<Commands>('commands', {}, signal);
  } catch {
    // The connection reports it; the next one asks again.
  }
}

async function follow(query: Readonly<Record<string, string | undefined>>, signal: AbortSignal) {
  /** Where the stream continues from when it was interrupted, and the key of the server whose numbers these are. */
  let position: (Pick<LiveUpdate, 'head' | 'changes'> & { readonly key: string }) | undefined;
  for (let failed = 0; !signal.aborted; failed += 1) {
    let reason: string | undefined;
    const stream = new AbortController();
    try {
      const commands = loadCommands(signal);
      if (position) {
        // The answer shows whether this is still the same server.
        await commands;
        if (signal.aborted) {
          return;
        }
      }
      // What a person has stopped to read stays where it is.
      const isKept = position?.key === serverKey() && !isFollowing.value;
      const from = isKept ? position : await reload();
      position = undefined;
      if (!store.overview.value || failed > 0) {
        void loadOverview(signal);
      }
      const response = await open(
        'live',
        { ...query, head: from?.head, changes: from?.changes },
        AbortSignal.any([signal, stream.signal]),
      );
      store.connection.value = { state: 'connected' };
      failed = 0;
      let isLeft = false;
      for await (const update of readLines(response)) {
        take(update);
        position = { head: update.head, changes: update.changes, key: serverKey() };
        if (isInBackground() && (update.queues || update.error !== undefined)) {
          isLeft = true;
          break;
        }
      }
      if (isLeft) {
        stream.abort();
        await untilVisible(signal);
        failed = -1;
        continue;
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

/** Time between two samples of the rates, and the number of samples that are kept: those of a minute. */
const sampleMs = 2_000;
const maxSamples = 30;

let before: LiveUpdate['flow'] | undefined;

/** Computes the rates since the last sample. Without events there is no update, so that the rates fall to zero. */
function sample(): void {
  const flow = store.flow.value;
  if (flow && before) {
    const handled = Object.values(flow.handled).reduce((sum, count) => sum + count, 0);
    store.settled.value = before.published + handled;
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
