import { keyHelp } from '../model/keys.ts';
import * as store from '../model/store.ts';
import { Untrusted } from '../parts/values.tsx';
import { DeadLettersView } from './dead-letters-view.tsx';
import { LiveView } from './events-view.tsx';
import { StateView } from './state-view.tsx';
import { TryView } from './try-view.tsx';
import { WorkbenchView } from './workbench-view.tsx';

const titles: Readonly<Record<store.Tab, string>> = {
  live: 'Live',
  messages: 'Failure queues',
  state: 'State',
  try: 'Try it',
  workbench: 'Workbench',
};

/** What is around every view. */
export function Frame() {
  const { overview, isConnected, tab, notice } = store;
  const isAws = overview.value?.mode === 'aws';
  return (
    <>
      <header class="top">
        <h1>
          <img src="icon.svg" alt="" width="26" height="26" /> Event Fanout
        </h1>
        <nav aria-label="Views">
          {store.tabs.map((each) => (
            <a href={`#/${each}`} aria-current={tab.value === each ? 'page' : undefined} key={each}>
              {titles[each]}
            </a>
          ))}
        </nav>
        <p class="where">
          {overview.value && (
            <>
              <Untrusted text={overview.value.stack} />
              <span class="chip">{isAws ? 'AWS' : 'this machine'}</span>
            </>
          )}
          <span class={isConnected.value ? 'chip good' : 'chip bad'} role="status">
            {isConnected.value ? 'connected' : 'not connected'}
          </span>
        </p>
        {isAws && (
          <label class="reveal">
            <input
              type="checkbox"
              checked={store.isRevealed.value}
              onChange={(event) => {
                store.isRevealed.value = event.currentTarget.checked;
              }}
            />
            Show personal content
          </label>
        )}
        <details class="help">
          <summary>Keys</summary>
          <dl>
            {keyHelp.map(([key, what]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </details>
      </header>
      {overview.value?.caveat && <p class="caveat">{overview.value.caveat}</p>}
      <div class="notice-place" role="status" aria-live="polite">
        {notice.value && (
          <p class={notice.value.isError ? 'notice bad' : 'notice good'}>
            <Untrusted text={notice.value.text} max={600} />
            <button
              type="button"
              onClick={() => {
                notice.value = undefined;
              }}
            >
              Close
            </button>
          </p>
        )}
      </div>
      <main>
        <View tab={tab.value} />
      </main>
    </>
  );
}

function View({ tab }: { readonly tab: store.Tab }) {
  switch (tab) {
    case 'live':
      return <LiveView />;
    case 'messages':
      return <DeadLettersView />;
    case 'state':
      return <StateView />;
    case 'try':
      return <TryView />;
    case 'workbench':
      return <WorkbenchView />;
  }
}
