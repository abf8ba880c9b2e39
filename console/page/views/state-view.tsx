import { useState } from 'preact/hooks';
import type { CallView, LabelView, Rows, SessionView } from '../../server/routes/state.ts';
import { useAnswer } from '../parts/hooks.ts';
import { Foreign } from '../parts/values.tsx';
import { ChatsView } from './chats-view.tsx';
import { type Column, StateTable, time } from './state-table.tsx';

const parts = ['chats', 'calls', 'labels', 'sessions'] as const;

/** What the built-in consumers keep, to be read. */
export function StateView() {
  const [part, setPart] = useState<(typeof parts)[number]>('chats');
  return (
    <section class="panel" aria-labelledby="state-title">
      <h2 id="state-title">State</h2>
      <nav class="tabs" aria-label="Parts of the state">
        {parts.map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={part === each}
            onClick={() => setPart(each)}
          >
            {each === 'chats' ? 'chats and groups' : each}
          </button>
        ))}
      </nav>
      {part === 'chats' && <ChatsView />}
      {part === 'calls' && <Calls />}
      {part === 'labels' && <Labels />}
      {part === 'sessions' && <Sessions />}
    </section>
  );
}

type Person = { readonly id: string } | undefined;

const person = (who: Person) => <Foreign text={who?.id ?? ''} most={60} />;

const callColumns: readonly Column<CallView>[] = [
  ['caller', ({ caller }) => person(caller)],
  ['outcome', ({ outcome }) => <span class="chip">{outcome}</span>],
  ['media', ({ media }) => media],
  ['received', ({ receivedAt }) => time(receivedAt)],
  ['accepted', ({ acceptedAt }) => time(acceptedAt)],
  ['ended', ({ endedAt }) => time(endedAt)],
  ['session', ({ session }) => <Foreign text={session} />],
];

function Calls() {
  const answer = useAnswer<Rows<CallView>>('calls');
  return (
    <StateTable
      name="Calls"
      rows={answer?.rows}
      columns={callColumns}
      empty="No call is known yet."
    />
  );
}

const labelColumns: readonly Column<LabelView>[] = [
  ['label', ({ name, id }) => <Foreign text={name ?? id} />],
  ['colour', ({ colorHex }) => colorHex],
  [
    'carried by',
    ({ chats }) => (
      <ul>
        {chats.map(({ id }) => (
          <li key={id}>
            <Foreign text={id} />
          </li>
        ))}
      </ul>
    ),
  ],
  ['session', ({ session }) => <Foreign text={session} />],
];

function Labels() {
  const rows = useAnswer<readonly LabelView[]>('labels');
  return (
    <StateTable name="Labels" rows={rows} columns={labelColumns} empty="No label is known yet." />
  );
}

interface SessionWithHistory extends SessionView {
  readonly history: readonly { readonly at: unknown; readonly status: unknown }[];
}

const sessionColumns: readonly Column<SessionWithHistory>[] = [
  ['session', ({ session }) => <Foreign text={session} />],
  ['status', ({ status }) => <span class="chip">{status}</span>],
  ['since', ({ since }) => time(since)],
  ['account', ({ account }) => <Foreign text={account ?? ''} />],
  ['name', ({ name }) => <Foreign text={name ?? ''} />],
  ['engine', ({ engine }) => engine],
  [
    'history',
    ({ history }) => (
      <ol>
        {history.map(({ at, status }) => (
          <li key={String(at)}>
            {time(at)} {String(status)}
          </li>
        ))}
      </ol>
    ),
  ],
];

function Sessions() {
  const rows = useAnswer<readonly SessionWithHistory[]>('sessions');
  return (
    <StateTable
      name="Sessions"
      rows={rows}
      columns={sessionColumns}
      empty="No session is known yet."
    />
  );
}
