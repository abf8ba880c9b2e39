import { computed, effect, signal } from '@preact/signals';
import type { LiveUpdate } from '../../server/http/live.ts';
import type { Commands, OverviewAnswer } from '../../server/routes/routes.ts';
import { filter } from './address.ts';
import { healthOf } from './health.ts';

export const overview = signal<OverviewAnswer | undefined>(undefined);
/** The commands as this user types them; how depends on the installation. */
export const commands = signal<Commands>({ fanout: 'fanout', start: 'fanout dev' });
export const flow = signal<LiveUpdate['flow'] | undefined>(undefined);
/** The figures of the queues; undefined until they were read. */
export const queues = signal<LiveUpdate['queues']>(undefined);
export const failures = signal<LiveUpdate['failures']>({});
export const p95Ms = signal<number | undefined>(undefined);
/** Milliseconds by which the server's clock is ahead of the page's. */
export const clockAhead = signal(0);
/** Number of events that the server keeps. */
export const held = signal(0);

/** Events per second over the last two seconds. */
export const rate = signal(0);
/**
 * Number of events on the bus two seconds ago, and of messages that functions have handled. Views of the state are
 * read again when it changes. What functions do is not known in an AWS account.
 */
export const settled = signal(0);
/** Deliveries in each two seconds of the last minute, by target, the newest last. */
export const recent = signal<ReadonlyMap<string, readonly number[]>>(new Map());

export const isFiltered = computed(() => Object.values(filter.value).some(Boolean));

/** Epoch milliseconds of the server's clock; changes every second. */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now() + clockAhead.value;
}, 1_000);

/** Whether the user wants to see personal content of an AWS account. That of a local run is always shown. */
export const wantsPersonal = signal(false);
export const isRevealed = computed(() => overview.value?.mode === 'local' || wantsPersonal.value);
export const reveal = computed(() => (wantsPersonal.value ? 'yes' : undefined));

/** The connection between the page and its server. */
export type Connection =
  | { readonly state: 'connecting' | 'connected' }
  | { readonly state: 'gone'; readonly retryAt: number; readonly reason?: string };

export const connection = signal<Connection>({ state: 'connecting' });

/** The server's error message when it cannot read the pipeline; undefined while it can. */
export const trouble = signal<string | undefined>(undefined);

/** The health of the pipeline. */
export const health = computed(() =>
  healthOf({
    ...{ overview: overview.value, queues: queues.value, failures: failures.value, now: now.value },
  }),
);

/** The result of the user's last action. */
export const notice = signal<{ readonly text: string; readonly isError: boolean } | undefined>(
  undefined,
);

/** Shows an error. */
export function showError(error: unknown): void {
  // The connection has a message of its own.
  if ((error as Error).name === 'AbortError' || error instanceof TypeError) {
    return;
  }
  notice.value = { text: (error as Error).message, isError: true };
}

/** Shows the result of an action. */
export function report(text: string): void {
  notice.value = { text, isError: false };
}

/** The body that is being edited in “Try it”, and the choices that it was made for; '' for none. */
export const draftBody = signal('');
export const draftOf = signal('');

/** A setting that the browser stores. */
function kept<Value extends string>(name: string, values: readonly [Value, ...Value[]]) {
  const found = localStorage.getItem(`console-${name}`);
  const choice = signal<Value>(values.find((each) => each === found) ?? values[0]);
  effect(() => localStorage.setItem(`console-${name}`, choice.value));
  return choice;
}

/** The colours; `system` follows the operating system's setting. */
export const theme = kept('theme', ['system', 'light', 'dark']);

/** The time zone of the page: the browser's, or UTC. */
export const clock = kept('clock', ['local', 'utc']);

/** Whether the list of consumers is shown beside the events. */
export const pane = kept('consumers', ['open', 'folded']);
