import type { EventFilter } from '../../server/journal/query-events.ts';
import { behind, isPaused, sampled, setPaused, total } from '../model/event-list.ts';
import { filter, flow, held, isFiltered, overview, rate } from '../model/store.ts';

const outcomes = ['done', 'waiting', 'retrying', 'dead', 'unrouted', 'published'] as const;

const number = (value: number) => value.toLocaleString('en');

/** The filter of the list, and the number of events. */
export function FilterBar() {
  const set = (change: EventFilter) => {
    filter.value = { ...filter.value, ...change };
  };
  const sessions = Object.keys(flow.value?.sessions ?? {}).filter(Boolean);
  const targets = (overview.value?.lanes ?? []).flatMap(({ target, consumer }) =>
    target ? [{ name: target.name, title: consumer ?? target.name }] : [],
  );
  const { kind = '', session = '', chat = '', target = '', outcome = '', text = '' } = filter.value;
  return (
    <search class="filters">
      <label>
        Search
        <input
          id="search"
          type="search"
          value={text}
          placeholder="text, id, name"
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      <label>
        Kind
        <input
          value={kind}
          list="kinds"
          placeholder="any"
          onChange={(event) => set({ kind: event.currentTarget.value })}
        />
      </label>
      <label>
        Session
        <select value={session} onChange={(event) => set({ session: event.currentTarget.value })}>
          <option value="">any</option>
          {sessions.map((name) => (
            <option value={name} key={name}>
              {name.slice(0, 60)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Chat
        <input
          value={chat}
          placeholder="any"
          onChange={(event) => set({ chat: event.currentTarget.value })}
        />
      </label>
      <label>
        Consumer
        <select value={target} onChange={(event) => set({ target: event.currentTarget.value })}>
          <option value="">any</option>
          {targets.map(({ name, title }) => (
            <option value={name} key={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Outcome
        <select
          value={outcome}
          onChange={(event) =>
            set({ outcome: (event.currentTarget.value || undefined) as EventFilter['outcome'] })
          }
        >
          <option value="">any</option>
          {outcomes.map((name) => (
            <option value={name} key={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        aria-pressed={isPaused.value}
        onClick={() => setPaused(!isPaused.value)}
      >
        {isPaused.value ? 'Resume' : 'Pause'}
      </button>
      {isFiltered.value && (
        <button
          type="button"
          onClick={() => {
            filter.value = {};
          }}
        >
          Clear filters
        </button>
      )}
      <p class="figures">
        <span>
          {number(total.value)} {isFiltered.value ? 'match' : 'events'}
        </span>
        {isFiltered.value && <span>of {number(held.value)} held</span>}
        <span>{rate.value.toFixed(rate.value < 10 ? 1 : 0)}/s</span>
        {behind.value > 0 && <span class="chip">{number(behind.value)} newer</span>}
        {sampled.value && (
          <span class="chip warn" data-sampled>
            sampled: {sampled.value.shown} of {sampled.value.of} shown; pause to see all
          </span>
        )}
      </p>
      <datalist id="kinds">
        {[...kindsOf(overview.value?.lanes ?? [])].map((name) => (
          <option value={name} key={name} />
        ))}
      </datalist>
    </search>
  );
}

/** The kinds that some rule names. */
function kindsOf(lanes: readonly { readonly pattern: string | undefined }[]): Set<string> {
  const kinds = new Set<string>();
  for (const { pattern } of lanes) {
    try {
      const { 'detail-type': types } = JSON.parse(pattern ?? '{}');
      if (Array.isArray(types)) {
        for (const type of types) {
          if (typeof type === 'string') {
            kinds.add(type);
          }
        }
      }
    } catch {
      // A rule of a user's own may be anything; it is only not offered here.
    }
  }
  return kinds;
}
