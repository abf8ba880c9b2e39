import { computed, signal } from '@preact/signals';
import type { FlowFigures } from '../../server/journal/flow-figures.ts';
import type { EventFilter } from '../../server/journal/query-events.ts';
import type { OverviewAnswer } from '../../server/routes/overview.ts';
import type { QueueFigures } from '../../server/source/console-source.ts';

/** The views, in the order of the keys that open them. */
export const tabs = ['live', 'messages', 'state', 'try', 'workbench'] as const;

/** See {@link tabs}. */
export type Tab = (typeof tabs)[number];

const tabInAddress = (): Tab => tabs.find((tab) => location.hash.startsWith(`#/${tab}`)) ?? 'live';

export const tab = signal<Tab>(tabInAddress());
addEventListener('hashchange', () => {
  tab.value = tabInAddress();
});

/** Goes to a view, so that the browser's own back leads back. */
export function goTo(wanted: Tab): void {
  location.hash = `#/${wanted}`;
}

export const overview = signal<OverviewAnswer | undefined>(undefined);
export const flow = signal<FlowFigures | undefined>(undefined);
export const queues = signal<Readonly<Record<string, QueueFigures>>>({});
/** Milliseconds that the server's clock is ahead of the page's. */
export const clockAhead = signal(0);
export const held = signal(0);
/** Events in the last second. */
export const rate = signal(0);

export const filter = signal<EventFilter>({});
export const isFiltered = computed(() => Object.values(filter.value).some(Boolean));

/** Number of the event that is open. */
export const opened = signal<number | undefined>(undefined);

/** Whether what is personal is shown. On one machine it always is. */
export const isRevealed = signal(false);
export const reveal = computed(() => (isRevealed.value ? 'yes' : undefined));

/** What a person must know now: an error, or what was done. */
export const notice = signal<{ readonly text: string; readonly isError: boolean } | undefined>(
  undefined,
);

export const isConnected = signal(false);

/** Says what went wrong. */
export function complain(error: unknown): void {
  if ((error as Error).name === 'AbortError') {
    return;
  }
  notice.value = { text: (error as Error).message, isError: true };
}

/** Says what was done. */
export function report(text: string): void {
  notice.value = { text, isError: false };
}

/** Filters by one thing more, or ends that when it is filtered by already. */
export function toggleFilter(change: EventFilter): void {
  const present = filter.value;
  const entries = Object.entries(change) as [keyof EventFilter, string][];
  const isOn = entries.every(([name, value]) => present[name] === value);
  const without = Object.fromEntries(entries.map(([name]) => [name, undefined]));
  filter.value = isOn ? { ...present, ...without } : { ...present, ...change };
}

/** The body that is being edited in “Try it”. */
export const draftBody = signal('');
