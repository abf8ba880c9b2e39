import { effect } from '@preact/signals';
import type { LiveNews } from '../../server/http/live.ts';
import type { OverviewAnswer } from '../../server/routes/overview.ts';
import { ConsoleError, enterAnew, get, open } from './api.ts';
import { reload, takeNews } from './event-list.ts';
import * as store from './store.ts';

/** How long a broken connection rests, in milliseconds. */
const pauseMs = 1_000;

/** Called with each piece of news, after the store: the flow's animation. */
export const newsListeners = new Set<(news: LiveNews) => void>();

/** Connects, and reconnects for as long as the page is open. */
export function startLive(): void {
  let stop = new AbortController();
  effect(() => {
    // Another filter is another stream.
    const query = { ...store.filter.value, reveal: store.reveal.value };
    stop.abort();
    stop = new AbortController();
    void follow(query, stop.signal);
  });
  void loadOverview();
}

/** Asks which stations there are; until it works, again and again. */
export async function loadOverview(): Promise<void> {
  try {
    store.overview.value = await get<OverviewAnswer>('overview');
    if (store.overview.value.mode === 'local') {
      store.isRevealed.value = true;
    }
  } catch (error) {
    store.complain(error);
    setTimeout(() => void loadOverview(), pauseMs);
  }
}

async function follow(query: Readonly<Record<string, string | undefined>>, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      const from = await reload();
      if (signal.aborted) {
        return;
      }
      const response = await open(
        'live',
        { ...query, head: from?.head, changes: from?.changes },
        signal,
      );
      store.isConnected.value = true;
      for await (const news of readLines(response)) {
        take(news);
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      store.isConnected.value = false;
      const isStranger = error instanceof ConsoleError && error.status === 401;
      // A restarted local run admits its page without a token.
      if (isStranger) {
        await enterAnew().catch(store.complain);
      }
    }
    if (signal.aborted) {
      return;
    }
    store.isConnected.value = false;
    await new Promise((done) => setTimeout(done, pauseMs));
  }
}

async function* readLines(response: Response): AsyncGenerator<LiveNews> {
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
      yield JSON.parse(line) as LiveNews;
    }
  }
}

let published: { readonly count: number; readonly at: number } | undefined;

function take(news: LiveNews): void {
  store.clockAhead.value = news.now - Date.now();
  store.held.value = news.held;
  store.flow.value = news.flow;
  if (news.queues) {
    store.queues.value = news.queues;
  }
  if (news.error !== undefined) {
    store.complain(new Error(news.error));
  }
  measureRate(news);
  takeNews(news);
  for (const listener of newsListeners) {
    listener(news);
  }
}

function measureRate({ now, flow: { published: count } }: LiveNews): void {
  if (!published) {
    published = { count, at: now };
  } else if (now - published.at >= 1_000) {
    store.rate.value = ((count - published.count) * 1_000) / (now - published.at);
    published = { count, at: now };
  }
}
// A page at rest gets no news: the rate falls to nothing by itself.
setInterval(() => {
  if (published && Date.now() + store.clockAhead.value - published.at > 2_500) {
    store.rate.value = 0;
  }
}, 1_000);
