import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { EventFilter } from '../../server/journal/query-events.ts';
import type { Summary } from '../../server/journal/summary.ts';
import { addressOf, filter } from '../model/address.ts';
import * as list from '../model/event-list.ts';
import { number } from '../model/format.ts';
import { goTo } from '../model/router.ts';
import * as store from '../model/store.ts';
import { useMedia, useNarrow } from '../parts/hooks.ts';
import { TextField } from '../parts/text-field.tsx';
import { Chip, copy, Time, Untrusted } from '../parts/values.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { EventPage } from './event-page.tsx';
import { PipelinePane } from './pipeline-pane.tsx';

const wideRow = 32;
const narrowRow = 56;

/** Place in the list that keys have come to; kept while another view is shown. */
const active = signal(-1);

/** The events, the newest on top, beside the consumers or the event that is open. */
export function EventsView({ id }: { readonly id?: string }) {
  const isFolded = store.pane.value === 'folded';
  return (
    <div class={`events-view ${id === undefined ? '' : 'open'} ${isFolded ? 'folded' : ''}`}>
      <div class="list-pane">
        <FilterBar />
        <EventList opened={id} />
      </div>
      {id === undefined ? <PipelinePane /> : <EventPage id={id} key={id} />}
    </div>
  );
}

function EventList({ opened }: { readonly opened: string | undefined }) {
  const isSmall = useMedia('(max-width: 1280px)');
  // Beside an event that is open, a small window leaves the list as little room as a phone does.
  const isNarrow = useNarrow() || (isSmall && opened !== undefined);
  const pressed = useRef<Summary | undefined>(undefined);
  const open = (row: Summary | undefined) => {
    if (row) {
      goTo(addressOf.events(filter.value, row.eventId), opened !== undefined);
    }
  };
  const choose = (index: number) => {
    // What a person has chosen must not slide away under the finger.
    if (list.isFollowing.value) {
      list.setPaused(true);
    }
    active.value = index;
  };
  return (
    <section class={isNarrow ? 'events narrow' : 'events'} aria-label="Events">
      <div class="list-head event-row" aria-hidden="true">
        {['time', 'outcome', 'type', 'session', 'chat', 'content', 'targets'].map((name) => (
          <span class={name} key={name}>
            {name}
          </span>
        ))}
      </div>
      <VirtualList
        label="Events, the newest first"
        total={list.total.value}
        isBusy={list.isLoading.value}
        rowHeight={isNarrow ? narrowRow : wideRow}
        active={active.value}
        onActive={(index) => {
          choose(index);
          if (opened !== undefined) {
            open(list.rowAt(index));
          }
        }}
        onOpen={(index) => open(list.rowAt(index))}
        onPress={(index) => {
          pressed.current = list.rowAt(index);
        }}
        onClick={(index, isPressed) => {
          const row = (isPressed && pressed.current) || list.rowAt(index);
          open(row);
          choose(list.indexOf(row) ?? index);
        }}
        onScrolled={list.setScrolled}
        onVisible={list.want}
        row={(index) => <EventRow summary={list.rowAt(index)} opened={opened} />}
      />
      {list.total.value === 0 && <NoEvents />}
    </section>
  );
}

function NoEvents() {
  if (store.isFiltered.value) {
    return <p class="empty">No event that is held matches these filters.</p>;
  }
  const command = `${store.commands.value.fanout} send message`;
  return (
    <div class="empty">
      <p>
        No event yet. Send one with{' '}
        {store.overview.value?.mode === 'aws' ? 'the sender' : 'a command'}, or
      </p>
      <p>
        <a href={addressOf.try()}>try it</a> here: choose a type, edit it, send it.
      </p>
      {store.overview.value?.mode !== 'aws' && (
        <p>
          <code>{command}</code>{' '}
          <button type="button" class="small" onClick={() => copy(command, 'the command')}>
            Copy
          </button>
        </p>
      )}
    </div>
  );
}

interface EventRowProps {
  readonly summary: Summary | undefined;
  readonly opened: string | undefined;
}

function EventRow({ summary, opened }: EventRowProps) {
  if (!summary) {
    return <span class="quiet">…</span>;
  }
  const { at, outcome, type, session, chat, gist, preview, targets, mark, fromMe } = summary;
  return (
    <div class={`event-row ${summary.eventId === opened ? 'opened' : ''}`}>
      <span class="time">
        <Time at={at} isShort />
      </span>
      <span class="outcome">
        <Chip look={outcome}>{outcome}</Chip>
      </span>
      <strong class="type">
        <Untrusted text={type} max={60} />
      </strong>
      <span class="session">{session !== undefined && <Untrusted text={session} max={30} />}</span>
      <span class="chat">{chat !== undefined && <Untrusted text={chat} max={40} />}</span>
      <span class="content">
        {mark && <Chip look="warn">{mark}</Chip>}
        {gist !== undefined && gist !== 'text' && <Chip>{gist}</Chip>}
        {fromMe && preview !== undefined && <span class="quiet">me → </span>}
        {preview !== undefined && <Untrusted text={preview} />}
      </span>
      <span class="targets quiet" title={targets.join('\n')}>
        {targets.length}
      </span>
    </div>
  );
}

const outcomes = ['done', 'waiting', 'retrying', 'dead', 'unrouted', 'published'] as const;

const typingMs = 50;

/** The filter of the list, which stands in the address, and the number of events. */
function FilterBar() {
  const { value: present } = filter;
  const set = (change: EventFilter, replace = false) =>
    goTo(addressOf.events({ ...filter.value, ...change }), replace);
  const names = Object.keys(store.flow.value?.sessions ?? {}).filter(Boolean);
  const sessions = [...new Set([...names, ...(present.session ? [present.session] : [])])];
  const routes = store.overview.value?.routes ?? [];
  const targets = routes.flatMap(({ target, consumer }) =>
    target ? [{ name: target.name, title: consumer ?? target.name }] : [],
  );
  const others = Object.entries(present).filter(([name, value]) => name !== 'text' && value).length;
  const more = useRef<HTMLDetailsElement>(null);
  // Filters are shown when there are some. They are not folded when the last one is emptied, perhaps to be typed anew.
  useLayoutEffect(() => {
    if (more.current && others > 0) {
      more.current.open = true;
    }
  }, [others > 0]);
  return (
    <search class="filters">
      <TextField
        class="search"
        label="Search"
        type="search"
        hint="text, id, name"
        value={present.text}
        pauseMs={typingMs}
        onChange={(text) => set({ text }, true)}
      />
      <details class="more-filters" ref={more}>
        <summary>Filters{others > 0 ? ` (${others})` : ''}</summary>
        <div class="fields">
          <TextField
            label="Type"
            hint="any"
            list="types"
            value={present.type}
            onChange={(type) => set({ type })}
          />
          <Choice
            name="Session"
            value={present.session}
            options={sessions.map((name) => [name, name.slice(0, 60)])}
            onChange={(session) => set({ session })}
          />
          <TextField
            label="Chat"
            type="search"
            hint="any"
            value={present.chat}
            pauseMs={typingMs}
            onChange={(chat) => set({ chat }, true)}
          />
          <Choice
            name="Consumer"
            value={present.target}
            options={targets.map(({ name, title }) => [name, title])}
            onChange={(target) => set({ target })}
          />
          <Choice
            name="Outcome"
            value={present.outcome}
            options={outcomes.map((name) => [name, name])}
            onChange={(outcome) => set({ outcome: outcome as EventFilter['outcome'] })}
          />
        </div>
      </details>
      {store.isFiltered.value && (
        <button
          type="button"
          onClick={() => {
            more.current?.removeAttribute('open');
            goTo(addressOf.events({}));
          }}
        >
          Clear filters
        </button>
      )}
      <button
        type="button"
        aria-pressed={list.isPaused.value}
        onClick={() => list.setPaused(!list.isPaused.value)}
      >
        {list.isPaused.value ? 'Resume' : 'Pause'}
      </button>
      <p class="figures">
        {list.behind.value > 0 && (
          <button
            type="button"
            class="small"
            onClick={() => {
              document.querySelector('.list')?.scrollTo({ top: 0 });
              list.setPaused(false);
            }}
          >
            {number(list.behind.value)} newer
          </button>
        )}
        {list.sampled.value && (
          <span class="chip warn" data-sampled>
            sampled: {list.sampled.value.shown} of {list.sampled.value.of} shown; pause to see all
          </span>
        )}
        <span>
          {number(list.total.value)} {store.isFiltered.value ? 'match' : 'events'}
          {store.isFiltered.value && ` of ${number(store.held.value)}`}
        </span>
      </p>
      <datalist id="types">
        {[...typesOf(routes)].map((name) => (
          <option value={name} key={name} />
        ))}
      </datalist>
    </search>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ name, value = '', options, onChange }: ChoiceProps) {
  return (
    <label>
      {name}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">any</option>
        {options.map(([each, title]) => (
          <option value={each} key={each}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The types that some rule names. */
function typesOf(routes: readonly { readonly pattern: string | undefined }[]): Set<string> {
  const types = new Set<string>();
  for (const { pattern } of routes) {
    try {
      const { 'detail-type': named } = JSON.parse(pattern ?? '{}');
      if (Array.isArray(named)) {
        for (const type of named) {
          if (typeof type === 'string') {
            types.add(type);
          }
        }
      }
    } catch {
      // A rule of a user's own may be anything; it is only not offered here.
    }
  }
  return types;
}
