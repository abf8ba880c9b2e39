import type { FlowFigures } from '../../server/journal/flow-figures.ts';
import type { Route } from '../../server/pipeline/overview.ts';
import { addressOf, filter } from '../model/address.ts';
import { age, counted, number, perSecond, senderNames } from '../model/format.ts';
import { held, isStuck } from '../model/health.ts';
import { rateOf } from '../model/live.ts';
import * as store from '../model/store.ts';
import { useNarrow } from '../parts/hooks.ts';
import { Untrusted } from '../parts/values.tsx';

/** Maximum number of sessions that are shown, those with the most events. */
const maxSessions = 6;

/** The pipeline: the sources, and one row for each consumer. */
export function PipelinePane() {
  const { overview, pane, health } = store;
  const isNarrow = useNarrow();
  const ends = new Set(overview.value?.ends.map(({ name }) => name));
  // Events without a subscriber go into a failure queue, which is listed with the other failure queues.
  const routes = (overview.value?.routes ?? []).filter(
    ({ target }) => !ends.has(target?.name ?? ''),
  );
  const { problems } = health.value;
  return (
    <aside class="pipeline" aria-label="Pipeline">
      <details
        open={!isNarrow && pane.value === 'open'}
        onToggle={({ currentTarget }) => {
          if (!isNarrow) {
            pane.value = currentTarget.open ? 'open' : 'folded';
          }
        }}
      >
        <summary>
          {counted(new Set(routes.map(nameOf)).size, 'consumer')}
          {problems.length > 0 && `, ${counted(problems.length, 'problem')}`}
        </summary>
        {store.flow.value && <Source flow={store.flow.value} />}
        <table class="consumers">
          <thead>
            <tr>
              <th scope="col">consumer</th>
              <th scope="col" class="number rate">
                rate
              </th>
              <th scope="col" class="number">
                waiting
              </th>
              <th scope="col" class="number">
                failed
              </th>
              <th scope="col">last min</th>
            </tr>
          </thead>
          <tbody>
            {routes.map((route) => (
              <ConsumerRow route={route} key={`${route.rule} ${route.target?.name}`} />
            ))}
          </tbody>
        </table>
        <OwnQueues />
      </details>
    </aside>
  );
}

const nameOf = ({ consumer, target, rule }: Route) => consumer ?? target?.name ?? rule;

/** The sources: senders, sessions, and the requests that ingest refused. */
function Source({ flow }: { readonly flow: FlowFigures }) {
  const sessions = Object.entries(flow.sessions)
    .filter(([name]) => name !== '')
    .sort(([, a], [, b]) => b - a)
    .slice(0, maxSessions);
  const refused = Object.entries(flow.answers).reduce(
    (sum, [status, count]) => (Number(status) >= 400 ? sum + count : sum),
    0,
  );
  return (
    <dl class="source">
      <div>
        <dt>senders</dt>
        <dd>
          {Object.entries(flow.senders)
            .map(([sender, count]) => `${senderNames[sender] ?? 'other'} ${number(count)}`)
            .join(', ') || 'none yet'}
        </dd>
      </div>
      {sessions.length > 0 && (
        <div>
          <dt>sessions</dt>
          <dd>
            {sessions.map(([session, count]) => (
              <a
                href={addressOf.events({ session })}
                aria-current={filter.value.session === session ? 'true' : undefined}
                key={session}
              >
                <Untrusted text={session} max={30} /> {number(count)}
              </a>
            ))}
          </dd>
        </div>
      )}
      <div>
        <dt>bus</dt>
        <dd>
          {number(flow.published)} published, {perSecond(store.rate.value)}
          {refused > 0 && `, ${counted(refused, 'request')} refused`}
        </dd>
      </div>
    </dl>
  );
}

function ConsumerRow({ route }: { readonly route: Route }) {
  const { target, reader, deadLetters, description, isEnabled } = route;
  const name = target?.name ?? '';
  const figures = store.queues.value?.[name];
  const now = store.now.value;
  const waiting = held(figures);
  const failed = held(store.queues.value?.[deadLetters ?? '']);
  const isOpen = filter.value.target === name;
  const samples = store.recent.value.get(name);
  return (
    <tr aria-current={isOpen ? 'true' : undefined}>
      <th scope="row" title={description}>
        <a href={addressOf.events(isOpen ? {} : { target: name })}>
          <Untrusted text={nameOf(route)} max={60} />
        </a>
        {!isEnabled && <span class="chip warn">disabled</span>}
        {reader === undefined && waiting > 0 && (
          <span class="quiet" title="Nothing of this stack reads its queue">
            {' '}
            no reader
          </span>
        )}
      </th>
      <td class="number rate">{perSecond(rateOf(samples))}</td>
      <td class="number">
        {waiting > 0 ? (
          <span class={isStuck(route, figures, now) ? 'warn-text' : ''}>
            {number(waiting)}
            {figures?.oldestAt !== undefined && (
              <span class="quiet"> · {age(figures.oldestAt, now)}</span>
            )}
          </span>
        ) : (
          <span class="quiet">0</span>
        )}
      </td>
      <td class="number">
        {failed > 0 && deadLetters !== undefined ? (
          <a class="chip bad" href={addressOf.failures(deadLetters)}>
            {number(failed)}
          </a>
        ) : (
          <span class="quiet">0</span>
        )}
      </td>
      <td>
        <Sparkline samples={samples ?? []} />
      </td>
    </tr>
  );
}

const width = 60;
const height = 16;

/** The deliveries of the last minute as a line chart. */
function Sparkline({ samples }: { readonly samples: readonly number[] }) {
  const highest = Math.max(1, ...samples);
  const full = [...Array<number>(Math.max(0, width / 2 - samples.length)).fill(0), ...samples];
  const points = full.map((count, index) => {
    const x = width - (full.length - 1 - index) * 2;
    return `${x},${(height - 1 - (count / highest) * (height - 2)).toFixed(1)}`;
  });
  return (
    <svg
      class="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${samples.reduce((sum, count) => sum + count, 0)} deliveries in the last minute`}
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}

/** The failure queues of the pipeline itself. */
function OwnQueues() {
  const ends = (store.overview.value?.ends ?? []).filter(({ role }) => role !== 'dead-letters');
  return (
    <ul class="own-queues">
      {ends.map(({ name, role }) => {
        const count = held(store.queues.value?.[name]);
        return (
          <li key={name}>
            <a href={addressOf.failures(name)} class={count > 0 ? 'chip bad' : 'chip'}>
              {role} {number(count)}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
