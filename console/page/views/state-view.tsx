import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CallView, LabelView, Rows, SessionView } from '../../server/routes/state.ts';
import { addressOf } from '../model/address.ts';
import { duration } from '../model/format.ts';
import { settled as stored } from '../model/store.ts';
import { useAnswer } from '../parts/hooks.ts';
import { Chip, Pages, Time, Untrusted } from '../parts/values.tsx';
import { ChatsView } from './chats-view.tsx';

const parts = {
  chats: 'Chats and groups',
  calls: 'Calls',
  labels: 'Labels',
  sessions: 'Sessions',
} as const;

/** What the built-in consumers store. */
export function StateView({
  part = 'chats',
  id,
}: {
  readonly part?: string;
  readonly id?: string;
}) {
  return (
    <div class="state-view">
      <header class="panel-head">
        <h2>State</h2>
        <nav class="tabs" aria-label="Parts of the state">
          {Object.entries(parts).map(([name, title]) => (
            <a
              key={name}
              href={addressOf.state(name)}
              aria-current={part === name ? 'true' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
      </header>
      {part === 'chats' && <ChatsView opened={id} />}
      {part === 'calls' && <Calls />}
      {part === 'labels' && <Labels />}
      {part === 'sessions' && <Sessions />}
      {!Object.hasOwn(parts, part) && (
        <p class="panel">
          The state has no part of this name. Go to the{' '}
          <a href={addressOf.state('chats')}>chats and groups</a>.
        </p>
      )}
    </div>
  );
}

/** A column: its title and content. */
type Column<Row> = readonly [title: string, cell: (row: Row) => ComponentChildren];

interface StateTableProps<Row> {
  readonly name: string;
  /** Undefined while they are loading. */
  readonly rows: readonly Row[] | undefined;
  readonly error: string | undefined;
  readonly columns: readonly Column<Row>[];
  readonly empty: string;
  readonly children?: ComponentChildren;
}

/** Rows of the state: a table, and on a phone cards. */
function StateTable<Row>({ name, rows, error, columns, empty, children }: StateTableProps<Row>) {
  if (!rows || rows.length === 0) {
    return <p class="panel">{error ?? (rows ? empty : 'Loading …')}</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="panel scroll" tabIndex={0} aria-label={name}>
      <table class="cards">
        <thead>
          <tr>
            {columns.map(([title]) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(([title, cell]) => (
                <td key={title} data-title={title}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </section>
  );
}

type Person = { readonly id: string } | undefined;

/** An address, which leads to its conversation. */
const person = (who: Person, session: string) =>
  who && (
    <a href={addressOf.state('chats', who.id, { session })}>
      <Untrusted text={who.id} max={60} />
    </a>
  );

/** A session, which leads to its events. */
const sessionLink = ({ session }: { readonly session: string }) => (
  <a href={addressOf.events({ session })}>
    <Untrusted text={session} />
  </a>
);

const callLooks = { missed: 'bad', accepted: 'good', rejected: 'warn', received: '' } as const;

const callColumns: readonly Column<CallView>[] = [
  ['caller', ({ caller, chat, session }) => person(caller ?? chat, session)],
  ['outcome', ({ outcome }) => <Chip look={callLooks[outcome]}>{outcome}</Chip>],
  ['media', ({ media }) => media ?? ''],
  ['received', ({ receivedAt }) => <Time at={receivedAt} />],
  ['accepted', ({ acceptedAt }) => <Time at={acceptedAt} />],
  ['ended', ({ endedAt }) => <Time at={endedAt} />],
  ['lasted', ({ acceptedAt, endedAt }) => lasted(acceptedAt, endedAt)],
  ['session', sessionLink],
];

function lasted(from: string | undefined, to: string | undefined): string {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '');
  return Number.isNaN(ms) ? '' : duration(Math.max(0, ms));
}

function Calls() {
  const [before, setBefore] = useState<string>();
  const { value, error } = useAnswer<Rows<CallView>>('calls', { before }, stored.value);
  return (
    <StateTable
      name="Calls"
      rows={value?.rows}
      error={error}
      columns={callColumns}
      empty="No call is known yet."
    >
      <Pages what="calls" before={before} next={value?.next} onGo={setBefore} />
    </StateTable>
  );
}

const labelColumns: readonly Column<LabelView>[] = [
  [
    'label',
    ({ name, id, colorHex }) => (
      <>
        {/^#[0-9a-f]{6}$/.test(colorHex ?? '') && (
          <svg width="12" height="12" aria-hidden="true">
            <circle cx="6" cy="6" r="6" fill={colorHex} />
          </svg>
        )}{' '}
        <Untrusted text={name ?? id} />
      </>
    ),
  ],
  [
    'chats',
    ({ chats, session }) => (
      <ul>
        {chats.map(({ id }) => (
          <li key={id}>
            <a href={addressOf.state('chats', id, { session })}>
              <Untrusted text={id} />
            </a>
          </li>
        ))}
      </ul>
    ),
  ],
  ['session', sessionLink],
];

function Labels() {
  const { value, error } = useAnswer<readonly LabelView[]>('labels', {}, stored.value);
  return (
    <StateTable
      name="Labels"
      rows={value}
      error={error}
      columns={labelColumns}
      empty="No label is known yet."
    />
  );
}

interface SessionWithHistory extends SessionView {
  readonly history: readonly { readonly at: unknown; readonly status: unknown }[];
}

/** How a session is: only one that works receives messages. */
const statusLook = (status: unknown) =>
  status === 'WORKING' ? 'good' : status === 'FAILED' || status === 'STOPPED' ? 'bad' : 'warn';

const sessionColumns: readonly Column<SessionWithHistory>[] = [
  ['session', sessionLink],
  [
    'status',
    ({ status, restricted, restrictedUntil }) => (
      <>
        <Chip look={statusLook(status)}>{status ?? 'unknown'}</Chip>{' '}
        {restricted && (
          <Chip look="bad">
            restricted {restrictedUntil && 'until '}
            <Time at={restrictedUntil} />
          </Chip>
        )}
      </>
    ),
  ],
  ['since', ({ since }) => <Time at={since} />],
  ['account', ({ account }) => <Untrusted text={account ?? ''} />],
  ['name', ({ name }) => <Untrusted text={name ?? ''} />],
  ['engine', ({ engine }) => <Untrusted text={engine ?? ''} />],
  [
    'history',
    ({ history }) => (
      <ol>
        {history.slice(0, 8).map(({ at, status }) => (
          <li key={String(at)}>
            <Time at={at} /> <Chip look={statusLook(status)}>{String(status)}</Chip>
          </li>
        ))}
      </ol>
    ),
  ],
];

function Sessions() {
  const { value, error } = useAnswer<readonly SessionWithHistory[]>('sessions', {}, stored.value);
  return (
    <StateTable
      name="Sessions"
      rows={value}
      error={error}
      columns={sessionColumns}
      empty="No session is known yet."
    />
  );
}
