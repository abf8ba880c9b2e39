import { useState } from 'preact/hooks';
import type { CallView, LabelView, Rows, SessionView } from '../../server/routes/state.ts';
import { useAnswer } from '../parts/hooks.ts';
import { Untrusted } from '../parts/values.tsx';
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

const person = (who: Person) => <Untrusted text={who?.id ?? ''} max={60} />;

const callColumns: readonly Column<CallView>[] = [
  ['caller', ({ caller }) => person(caller)],
  ['outcome', ({ outcome }) => <span class="chip">{outcome}</span>],
  ['media', ({ media }) => media],
  ['received', ({ receivedAt }) => time(receivedAt)],
  ['accepted', ({ acceptedAt }) => time(acceptedAt)],
  ['ended', ({ endedAt }) => time(endedAt)],
  ['session', ({ session }) => <Untrusted text={session} />],
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
  ['label', ({ name, id }) => <Untrusted text={name ?? id} />],
  ['colour', ({ colorHex }) => colorHex],
  [
    'carried by',
    ({ chats }) => (
      <ul>
        {chats.map(({ id }) => (
          <li key={id}>
            <Untrusted text={id} />
          </li>
        ))}
      </ul>
    ),
  ],
  ['session', ({ session }) => <Untrusted text={session} />],
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
  ['session', ({ session }) => <Untrusted text={session} />],
  ['status', ({ status }) => <span class="chip">{status}</span>],
  ['since', ({ since }) => time(since)],
  ['account', ({ account }) => <Untrusted text={account ?? ''} />],
  ['name', ({ name }) => <Untrusted text={name ?? ''} />],
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
