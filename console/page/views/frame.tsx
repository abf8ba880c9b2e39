import { effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { exec, useLocation } from 'preact-iso/router';
import { addressOf, base, filter, filterIn, type View, viewOf, views } from '../model/address.ts';
import { age, counted, duration, number, perSecond } from '../model/format.ts';
import { connectRouter, keyHelp } from '../model/router.ts';
import * as store from '../model/store.ts';
import { copy, Untrusted, zone } from '../parts/values.tsx';
import { EventsView } from './events-view.tsx';
import { FailuresView } from './failures-view.tsx';
import { StateView } from './state-view.tsx';
import { TryView } from './try-view.tsx';
import { WorkbenchView } from './workbench-view.tsx';

/** Whether the list of keys is shown. */
export const isHelpOpen = signal(false);

effect(() => {
  document.documentElement.dataset.theme = store.theme.value;
});

/** What is around every view. */
export function Frame() {
  const { path, query, route } = useLocation();
  const view = viewOf(path);
  useLayoutEffect(() => connectRouter(route), [route]);
  useLayoutEffect(() => {
    if (view === 'events') {
      const wanted = filterIn(query);
      // The same filter as another object would be another stream.
      if (JSON.stringify(wanted) !== JSON.stringify(filter.value)) {
        filter.value = wanted;
      }
    }
  }, [path, query, view]);
  const isGone = store.connection.value.state === 'gone';
  useKeptFocus(isGone);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <h1>
          <img src={`${base}/icon.svg`} alt="" width="24" height="24" /> Event Fanout
        </h1>
      </header>
      <nav class="views" aria-label="Views">
        {Object.entries(views).map(([name, title]) => (
          <a
            href={addressOf[name as View]()}
            aria-current={view === name ? 'page' : undefined}
            key={name}
          >
            {title} {name === 'failures' && <FailedCount />}
          </a>
        ))}
      </nav>
      <Tools />
      <HealthLine view={view} />
      <Banners />
      <main id="main" tabIndex={-1}>
        {/* Nothing can be done while the server is away. */}
        <fieldset class="bare" disabled={isGone}>
          <CurrentView path={path} />
        </fieldset>
      </main>
      <Keys />
    </>
  );
}

/** Gives the focus back to the field that has lost it, because it was disabled for a while. */
function useKeptFocus(isDisabled: boolean): void {
  const focused = useRef<Element | null>(null);
  if (isDisabled) {
    focused.current ??= document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
  }
  useEffect(() => {
    if (!isDisabled) {
      if (document.activeElement === document.body && focused.current instanceof HTMLElement) {
        focused.current.focus();
      }
      focused.current = null;
    }
  }, [isDisabled]);
}

/** The parts of an address that name what is open. */
interface Params {
  readonly id?: string;
  readonly queue?: string;
  readonly part?: string;
}

const routes: readonly (readonly [pattern: string, View: ComponentType<Params>])[] = [
  [`${base}/events/:id?`, EventsView],
  [`${base}/failures/:queue?/:id?`, FailuresView],
  [`${base}/state/:part?/:id?`, StateView],
  [`${base}/try`, TryView],
  [`${base}/workbench`, WorkbenchView],
];

/** The view of the address. The Router of preact-iso would keep all it has rendered of a view while the query changes. */
function CurrentView({ path }: { readonly path: string }) {
  for (const [pattern, View] of routes) {
    const found = exec(path, pattern);
    if (found) {
      return <View {...found.params} />;
    }
  }
  return <NoSuchView />;
}

function NoSuchView() {
  return (
    <section class="panel">
      <h2>Nothing is at this address</h2>
      <p>
        Go to the <a href={addressOf.events({})}>events</a>.
      </p>
    </section>
  );
}

function FailedCount() {
  const { failed } = store.health.value;
  return failed === 0 ? null : (
    <b class="chip bad">
      {number(failed)}
      <span class="hidden"> messages</span>
    </b>
  );
}

/** Choices of the person, which hold for all views. */
function Tools() {
  const { overview, theme, clock, wantsPersonal } = store;
  const isAws = overview.value?.mode === 'aws';
  return (
    <section class="tools" aria-label="Choices">
      {overview.value && (
        <span class="where quiet">
          <Untrusted text={overview.value.stack} max={60} /> · {isAws ? 'AWS' : 'this machine'}
        </span>
      )}
      {isAws && (
        <label class="check">
          <input
            type="checkbox"
            checked={wantsPersonal.value}
            onChange={(event) => {
              wantsPersonal.value = event.currentTarget.checked;
            }}
          />
          Show personal content
        </label>
      )}
      <button
        type="button"
        class="small"
        title="Times in local time or UTC"
        aria-label={`Times in ${zone()}: change`}
        onClick={() => {
          clock.value = clock.value === 'utc' ? 'local' : 'utc';
        }}
      >
        {zone()}
      </button>
      <button
        type="button"
        class="small"
        title="Light, dark, or as the system"
        aria-label={`Colours: ${theme.value}. Change`}
        onClick={() => {
          const { value } = theme;
          theme.value = value === 'system' ? 'light' : value === 'light' ? 'dark' : 'system';
        }}
      >
        {{ system: '◐', light: '☀', dark: '☾' }[theme.value]}
      </button>
      <button type="button" class="small" onClick={() => copy(location.href, 'the link')}>
        Copy link
      </button>
      <button
        type="button"
        class="small keys"
        onClick={() => {
          isHelpOpen.value = true;
        }}
      >
        Keys
      </button>
    </section>
  );
}

/** Problems that are shown; of more, their number. */
const maxProblems = 3;

/** Whether all is well, and what is not: the first thing to read, also in the title. */
function HealthLine({ view }: { readonly view: View }) {
  const { level, problems, oldestWaiting } = store.health.value;
  const consumers = new Set(store.overview.value?.routes.flatMap(({ consumer }) => consumer ?? []));
  const isGone = store.connection.value.state === 'gone';
  const [worst] = problems;
  const status = isGone
    ? 'Not connected'
    : level === 'unknown'
      ? 'Reading the pipeline …'
      : worst
        ? counted(problems.length, 'problem')
        : `All is well: ${counted(consumers.size, 'consumer')}`;
  const title = worst && !isGone ? `${worst.name}: ${worst.title}` : status;
  useEffect(() => {
    document.title = `${title} · ${views[view]} · Event Fanout`;
  }, [title, view]);
  return (
    <section class={`health ${isGone ? 'unknown' : level}`} aria-label="Health">
      <b class="status">{status}</b>
      {!isGone && problems.length > 0 && (
        <ul>
          {problems.slice(0, maxProblems).map(({ name, text, to, level: each }) => (
            <li key={`${to} ${text.split(' ')[1]}`}>
              <a href={to} class={each}>
                <b>
                  <Untrusted text={name} max={60} />:
                </b>{' '}
                <Untrusted text={text} max={160} />
              </a>
            </li>
          ))}
          {problems.length > maxProblems && (
            <li>
              <a href={addressOf.failures()}>and {problems.length - maxProblems} more</a>
            </li>
          )}
        </ul>
      )}
      {!isGone && level !== 'unknown' && (
        <p class="figures">
          <span title="Events per second on the bus">{perSecond(store.rate.value)}</span>
          {store.p95Ms.value !== undefined && (
            <span title="From the webhook to the end of its handling, 95 of 100 events">
              p95 {duration(store.p95Ms.value)}
            </span>
          )}
          <span title="Of the messages that wait for a function">
            oldest waiting{' '}
            {oldestWaiting === undefined ? 'none' : age(oldestWaiting, store.now.value)}
          </span>
        </p>
      )}
      {/* Read out when it changes, not at each number. */}
      <span class="hidden" role="status">
        {isGone
          ? 'Not connected'
          : { good: 'All is well', warn: 'Warning', bad: 'Problems', unknown: '' }[level]}
      </span>
    </section>
  );
}

/** What is wrong with the console itself, and what was done last. */
function Banners() {
  const { connection, overview, trouble, notice } = store;
  const { value: link } = connection;
  const isAws = overview.value?.mode === 'aws';
  const { fanout, start } = store.commands.value;
  const command = isAws ? `${fanout} console` : start;
  return (
    <div class="banners">
      {link.state === 'gone' && (
        <p class="banner bad">
          <span role="alert">
            {link.reason ?? (
              <>
                The {isAws ? 'console' : 'local run'} has stopped, or this page cannot reach it.
                Start it again: <code>{command}</code>
                {isAws && ', which prints a new link.'}
              </>
            )}
          </span>
          {/* Not read out: it changes every second. */}
          <span>
            Trying again in{' '}
            {Math.max(
              0,
              Math.ceil((link.retryAt - store.now.value + store.clockAhead.value) / 1_000),
            )}{' '}
            s.
          </span>
        </p>
      )}
      {link.state === 'connected' && trouble.value !== undefined && (
        <p class="banner bad" role="alert">
          <Untrusted text={`The pipeline cannot be read: ${trouble.value}`} max={600} />
          <span>Trying again.</span>
        </p>
      )}
      {overview.value?.caveat && <p class="banner warn">{overview.value.caveat}</p>}
      <div role="status">
        {notice.value && (
          <p class={notice.value.isError ? 'banner bad' : 'banner good'}>
            <Untrusted text={notice.value.text} max={600} />
            <button
              type="button"
              class="small dismiss"
              onClick={() => {
                notice.value = undefined;
              }}
            >
              Close<span class="hidden"> this message</span>
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

function Keys() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) {
      dialog.current?.showModal();
    } else {
      dialog.current?.close();
    }
  }, [isOpen]);
  const close = () => {
    isHelpOpen.value = false;
  };
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">Keys</h2>
      <dl>
        {keyHelp.map(([key, what]) => (
          <div class="key-help" key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
