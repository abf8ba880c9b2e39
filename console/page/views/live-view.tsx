import { opened } from '../model/store.ts';
import { EventDetail } from './event-detail.tsx';
import { EventsView } from './events-view.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FlowView } from './flow-view.tsx';

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
