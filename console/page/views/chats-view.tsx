import { useState } from 'preact/hooks';
import type { ChatRow, GroupView, MessageView, Rows } from '../../server/routes/state.ts';
import { isRevealed } from '../model/store.ts';
import { useAnswer } from '../parts/hooks.ts';
import { Untrusted } from '../parts/values.tsx';
import { time } from './state-table.tsx';

interface Chosen {
  readonly id: string;
  /** Undefined: whichever session knows it. */
  readonly session: string | undefined;
}

/** The chats, and the timeline of the one that is chosen. */
export function ChatsView() {
  const answer = useAnswer<Rows<ChatRow>>('chats');
  const [chosen, setChosen] = useState<Chosen>();
  if (!answer) {
    return <p>Looking …</p>;
  }
  return (
    <div class="chats">
      <ul class="talk">
        <li>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const given = new FormData(event.currentTarget).get('address');
              if (given) {
                setChosen({ id: String(given), session: undefined });
              }
            }}
          >
            <label class="wide">
              Chat or group by its address
              <input name="address" placeholder="120363020000000042@g.us" />
            </label>
          </form>
        </li>
        {answer.rows.length === 0 && (
          <li class="quiet">No chat is known yet. A message makes one: npx fanout send message</li>
        )}
        {answer.rows.map(({ chat, name, session, lastActivity, last }, index) => {
          const id = chat?.id ?? '';
          return (
            // Hidden addresses may look alike.
            <li key={index}>
              <button
                type="button"
                class="row"
                aria-pressed={chosen?.id === id && chosen.session === session}
                onClick={() => setChosen({ id, session })}
              >
                <b>
                  <Untrusted text={name ?? id} max={60} />
                </b>
                <span class="quiet">
                  {last} {time(lastActivity)} <Untrusted text={session} max={30} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {chosen &&
        (isRevealed.value ? (
          <Chat chosen={chosen} key={`${chosen.session} ${chosen.id}`} />
        ) : (
          <p class="quiet">A chat is what people have written: show personal content to read it.</p>
        ))}
    </div>
  );
}

function Chat({ chosen: { id, session } }: { readonly chosen: Chosen }) {
  const answer = useAnswer<Rows<MessageView>>('chat', { id, session });
  return (
    <section aria-label="Timeline">
      <h3>
        <Untrusted text={id} />
      </h3>
      {id.endsWith('@g.us') && <Group id={id} session={session} />}
      <ol class="talk">
        {answer?.rows.map((message, index) => (
          <Message message={message} key={message.id ?? index} />
        ))}
      </ol>
      {answer?.rows.length === 0 && <p class="quiet">No message of it is known.</p>}
    </section>
  );
}

function Message({ message }: { readonly message: MessageView }) {
  const { direction, sentAt, body, revoked, waiting, hasMedia } = message;
  const { edits, reactions, ack, votes, replyTo, location, refused } = message;
  const isMine = direction === 'outbound';
  return (
    <li class={isMine ? 'bubble mine' : 'bubble'}>
      <div class="meta">
        <b>{isMine ? 'me' : <Untrusted text={nameOf(message)} max={60} />}</b> {time(sentAt)}{' '}
        {replyTo !== undefined && <span class="chip">reply</span>}
      </div>
      {revoked && (
        <p class="quiet">
          deleted {revoked.byAdmin && <Untrusted text={`by ${revoked.by?.id ?? 'an admin'}`} />}{' '}
          {time(revoked.at)}
        </p>
      )}
      {waiting && <p class="quiet">not decrypted yet</p>}
      {hasMedia && <span class="chip">media</span>}
      {location !== undefined && <span class="chip">location</span>}
      {!revoked && body !== undefined && (
        <p>
          <Untrusted text={body} max={4_000} />
        </p>
      )}
      <div class="meta">
        {ack && <span class="chip">{ticksOf(ack.level, String(ack.name))}</span>}{' '}
        {reactions.map(({ by, emoji }) => (
          <span class="chip" key={by} title={by}>
            <Untrusted text={String(emoji)} max={16} />
          </span>
        ))}
        {votes.length > 0 && <span class="chip">{votes.length} voted</span>}
      </div>
      {refused.length > 0 && (
        <details>
          <summary>{refused.length} changes refused: not by the author</summary>
          <ol>
            {refused.map(({ action, at, by, body: text }) => (
              <li key={`${action} ${at} ${by?.id}`}>
                <span class="quiet">
                  {action} {time(at)} <Untrusted text={by?.id ?? ''} max={60} />
                </span>{' '}
                <Untrusted text={String(text ?? '')} max={400} />
              </li>
            ))}
          </ol>
        </details>
      )}
      {edits.length > 0 && (
        <details>
          <summary>edited {edits.length} times</summary>
          <ol>
            {edits.map(({ at, body: text }) => (
              <li key={String(at)}>
                <span class="quiet">{time(at)}</span>{' '}
                <Untrusted text={String(text ?? '')} max={400} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

/** A name that somebody has chosen has a tilde, so that no contact can appear as `me`. */
const nameOf = ({ author, authorName }: MessageView) =>
  authorName === undefined ? (author?.id ?? '') : `~ ${authorName}`;

/** One tick: the server has it. Two: the phone. The name of the level follows. */
const ticksOf = (level: number, name: string) =>
  `${level >= 2 ? '✓✓' : level >= 1 ? '✓' : ''} ${name}`.trim();

function Group({ id, session }: Chosen) {
  const groups = useAnswer<readonly GroupView[]>('group', { id, session });
  const group = groups?.[0];
  if (!group) {
    return null;
  }
  return (
    <details open>
      <summary>The group: {group.members.length} members known</summary>
      <dl class="facts">
        {Object.entries(group.info).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Untrusted text={String(value)} max={300} />
            </dd>
          </div>
        ))}
      </dl>
      <ul>
        {group.members.map(({ person, role }) => (
          <li key={person?.id}>
            <Untrusted text={person?.id ?? ''} />{' '}
            <span class="chip">{String(role ?? 'member')}</span>
          </li>
        ))}
      </ul>
      <ol>
        {group.history.slice(0, 20).map(({ at, action, person }, index) => (
          <li key={index}>
            <span class="quiet">{time(at)}</span> {String(action)}{' '}
            <Untrusted text={person?.id ?? ''} />
          </li>
        ))}
      </ol>
    </details>
  );
}
