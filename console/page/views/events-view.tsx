import { useState } from 'preact/hooks';
import type { Summary } from '../../server/journal/summary.ts';
import { isFollowing, rowAt, setPaused, setScrolled, total, want } from '../model/event-list.ts';
import { isFiltered, opened } from '../model/store.ts';
import { useNarrow } from '../parts/hooks.ts';
import { clockTime, Untrusted } from '../parts/values.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { EventDetail } from './event-detail.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FlowView } from './flow-view.tsx';

const wideRow = 34;
const narrowRow = 62;

/** The events, the newest on top. */
export function EventsView() {
  const [active, setActive] = useState(-1);
  const isNarrow = useNarrow();
  return (
    <section class="events" aria-label="Events">
      <VirtualList
        label="Events, the newest first"
        total={total.value}
        rowHeight={isNarrow ? narrowRow : wideRow}
        active={active}
        onActive={(index) => {
          // What a person has chosen must not slide away under the finger.
          if (isFollowing.value) {
            setPaused(true);
          }
          setActive(index);
        }}
        onOpen={(index) => {
          opened.value = rowAt(index)?.seq;
        }}
        onScrolled={setScrolled}
        onVisible={want}
        row={(index) => <EventRow summary={rowAt(index)} />}
      />
      {total.value === 0 && (
        <p class="empty">
          {isFiltered.value
            ? 'Nothing that is held matches these filters.'
            : 'No event yet. Send one: “Try it”, or npx fanout send message'}
        </p>
      )}
    </section>
  );
}

function EventRow({ summary }: { readonly summary: Summary | undefined }) {
  if (!summary) {
    return <span class="quiet">…</span>;
  }
  const { at, outcome, type, session, chat, preview, targets, mark, fromMe } = summary;
  return (
    <>
      <time>{clockTime(at)}</time>
      <span class={`chip outcome ${outcome}`}>{outcome}</span>
      <strong>
        <Untrusted text={type} max={60} />
      </strong>
      <span class="session">{session !== undefined && <Untrusted text={session} max={30} />}</span>
      <span class="chat">{chat !== undefined && <Untrusted text={chat} max={40} />}</span>
      <span class="preview">
        {mark && <span class="chip">{mark}</span>}
        {fromMe && <span class="quiet">me: </span>}
        {preview !== undefined && <Untrusted text={preview} />}
      </span>
      <span class="quiet count">→ {targets.length}</span>
    </>
  );
}

/** The pipeline in motion, and the events below it. */
export function LiveView() {
  return (
    <>
      <FlowView />
      <FilterBar />
      <div class={opened.value === undefined ? 'split' : 'split open'}>
        <EventsView />
        {opened.value !== undefined && <EventDetail seq={opened.value} key={opened.value} />}
      </div>
    </>
  );
}
