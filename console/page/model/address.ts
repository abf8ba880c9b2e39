import { signal } from '@preact/signals';
import type { EventFilter } from '../../server/journal/query-events.ts';

/** The path below which the console is served. */
export const base = '/console';

/** The views and their titles, in the order of the keys that open them. */
export const views = {
  events: 'Events',
  failures: 'Failure queues',
  state: 'State',
  try: 'Try it',
  workbench: 'Workbench',
} as const;

/** See {@link views}. */
export type View = keyof typeof views;

type Query = Readonly<Record<string, string | undefined>>;

function write(parts: readonly (string | undefined)[], query: Query = {}): string {
  const path = parts.filter((part) => part !== undefined && part !== '');
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return `${base}/${path.map((part) => encodeURIComponent(part ?? '')).join('/')}${search}`;
}

/** The filter of the list of events. It is kept while another view is shown. */
export const filter = signal<EventFilter>({});

const filterNames = [
  'type',
  'session',
  'chat',
  'target',
  'rule',
  'outcome',
  'text',
] as const satisfies readonly (keyof EventFilter)[];

/** The filter in an address. */
export const filterIn = (query: Query): EventFilter =>
  Object.fromEntries(filterNames.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

/** Builds the addresses of the page's views. */
export const addressOf = {
  /** The events of a filter, and one of them by its id. */
  events: (of: EventFilter = filter.value, id?: string) =>
    write(['events', id], { ...filterIn({ ...of }) }),
  /** A failure queue, its messages of a cause or with a text, and one message of it. */
  failures: (queue?: string, id?: string, { cause, text }: Query = {}) =>
    write(['failures', queue, id], { cause, text }),
  /** A part of the state: `chats`, for example, and one chat of a session. */
  state: (part?: string, id?: string, query: Query = {}) => write(['state', part, id], query),
  try: (query: Query = {}) => write(['try'], query),
  workbench: (pattern?: string) => write(['workbench'], { pattern }),
};

/** The view of an address. */
export function viewOf(path: string): View {
  const [, , name = ''] = path.split('/');
  return Object.hasOwn(views, name) ? (name as View) : 'events';
}
