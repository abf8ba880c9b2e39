import { useRef } from 'preact/hooks';
import type { FlowFigures } from '../../server/journal/flow-figures.ts';
import type { EventFilter } from '../../server/journal/query-events.ts';
import type { Route } from '../../server/pipeline/overview.ts';
import { endHealth, held, nodeId, queueHealth, refusalsOf } from '../model/flow.ts';
import * as store from '../model/store.ts';
import { FlowCanvas, FlowNode } from '../parts/flow-canvas.tsx';
import { age } from '../parts/values.tsx';

/** Sessions that are shown; of more, those with the most events. */
const maxSessions = 8;

/** The pipeline in motion, from the senders to the consumers. */
export function FlowView() {
  const stage = useRef<HTMLElement>(null);
  const overview = store.overview.value;
  const flow = store.flow.value;
  if (!overview) {
    return <p class="opening">Looking at the pipeline …</p>;
  }
  const sessions = Object.entries(flow?.sessions ?? {})
    .sort(([, a], [, b]) => b - a)
    .slice(0, maxSessions);
  const refusals = flow ? refusalsOf(flow) : 0;
  return (
    <section class="flow" ref={stage} aria-label="Flow, from senders to consumers">
      <FlowCanvas stage={stage} />
      <ul class="column" aria-label="Senders and sessions">
        {sessions.map(([name, count]) => (
          <FlowNode
            key={name}
            id={nodeId.session(name)}
            title={name || 'no session'}
            kind="session"
            count={count}
            filter={{ session: name || undefined }}
          />
        ))}
        {flow && sessions.length > 0 && <li class="quiet">by {sendersOf(flow)}</li>}
        {sessions.length === 0 && <li class="quiet">no sender yet</li>}
      </ul>
      <ul class="column" aria-label="Ingest">
        <FlowNode
          id={nodeId.ingest}
          title="ingest"
          kind="function"
          count={flow?.published ?? 0}
          detail={refusals > 0 ? `${refusals} refused` : undefined}
          filter={{}}
        />
        <Ends of="spill" />
      </ul>
      <ul class="column" aria-label="Bus">
        <FlowNode
          id={nodeId.bus}
          title={overview.buses.join(', ')}
          kind="bus"
          count={flow?.published ?? 0}
          filter={{}}
        />
        <Ends of="undeliverable" />
      </ul>
      <ul class="lanes" aria-label="Rules, queues and consumers">
        {overview.lanes.map((route) => (
          <RouteRow route={route} key={`${route.rule} ${route.target?.name}`} />
        ))}
      </ul>
    </section>
  );
}

/** Who sends, and how much. */
const sendersOf = ({ senders }: FlowFigures) =>
  Object.entries(senders)
    .map(([sender, count]) => `${senderNames[sender] ?? 'others'} ${count.toLocaleString('en')}`)
    .join(', ');

const senderNames: Readonly<Record<string, string>> = { waha: 'WAHA', wawp: 'Wawp' };

function RouteRow({ route }: { readonly route: Route }) {
  const { rule, target, consumer, reader, deadLetters } = route;
  const flow = store.flow.value;
  const name = target?.name ?? '';
  const figures = store.queues.value[name];
  const now = Date.now() + store.clockAhead.value;
  const isUnrouted = store.overview.value?.ends.some((end) => end.name === name) ?? false;
  const health = isUnrouted ? endHealth(figures) : queueHealth(figures, reader !== undefined, now);
  const since = figures?.oldestAt;
  const filter: EventFilter = { target: name };
  return (
    <li class="lane">
      <ul>
        <FlowNode
          id={nodeId.rule(rule, name)}
          title={route.description ?? rule}
          kind={route.isEnabled ? 'rule' : 'disabled rule'}
          count={flow?.rules[rule] ?? 0}
          filter={{ rule }}
        />
        <li>
          <ul class="hanging">
            {target && (
              <FlowNode
                id={nodeId.queue(rule, name)}
                title={shortName(name)}
                kind={target.service === 'sqs' ? 'queue' : target.service}
                count={flow?.delivered[name] ?? 0}
                waiting={held(figures)}
                detail={since === undefined ? undefined : `oldest ${age(since, now)}`}
                health={health}
                filter={filter}
              />
            )}
            {deadLetters !== undefined && <DeadLetters name={deadLetters} of={filter} />}
          </ul>
        </li>
        {consumer !== undefined && (
          <FlowNode
            id={nodeId.consumer(rule, name)}
            title={consumer}
            kind={reader === undefined ? 'your service' : 'function'}
            count={flow?.handled[name] ?? 0}
            detail={flow?.failed[name] ? `${flow.failed[name]} failed` : undefined}
            filter={filter}
          />
        )}
      </ul>
    </li>
  );
}

/** A dead-letter queue, below the queue that it belongs to. */
function DeadLetters({ name, of }: { readonly name: string; readonly of: EventFilter }) {
  const figures = store.queues.value[name];
  return (
    <FlowNode
      id={`end ${name}`}
      title="dead-letter queue"
      kind="end"
      waiting={held(figures)}
      health={endHealth(figures)}
      filter={{ ...of, outcome: 'dead' }}
    />
  );
}

/** The pipeline's own failure queues of one role. */
function Ends({ of: role }: { readonly of: 'spill' | 'undeliverable' }) {
  const ends = (store.overview.value?.ends ?? []).filter((end) => end.role === role);
  return (
    <>
      {ends.map(({ name }) => (
        <FlowNode
          key={name}
          id={`end ${name}`}
          title={role}
          kind="end"
          waiting={held(store.queues.value[name])}
          health={endHealth(store.queues.value[name])}
          filter={role === 'undeliverable' ? { outcome: 'dead' } : {}}
        />
      ))}
    </>
  );
}

/** `whatsapp-dev-messages` says all that matters in its end. */
const shortName = (name: string) => name.replace(/^whatsapp-[a-z0-9-]+?-/, '') || name;
