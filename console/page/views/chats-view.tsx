import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { ChatRow, GroupView, MessageView, Rows } from '../../server/routes/state.ts';
import { addressOf } from '../model/address.ts';
import { bytes, counted, duration } from '../model/format.ts';
import { goTo } from '../model/router.ts';
import { commands, isRevealed, settled as stored } from '../model/store.ts';
import { useAnswer } from '../parts/hooks.ts';
import { TextField } from '../parts/text-field.tsx';
import { Chip, Facts, Pages, Time, Untrusted } from '../parts/values.tsx';

/** The chats, and the conversation of the one that is open. */
export function ChatsView({ opened }: { readonly opened: string | undefined }) {
  const { session, search = '' } = useLocation().query;
  const [page, setPage] = useState<{ readonly search: string; readonly before?: string }>();
  // Another search begins with its newest chat.
  const before = page?.search === search ? page.before : undefined;
  const { value: answer, error } = useAnswer<Rows<ChatRow>>(
    'chats',
    { search, before },
    stored.value,
  );
  return (
    <div class={`chats ${opened === undefined ? '' : 'open'}`}>
      <section class="panel chat-list" aria-label="Chats">
        <TextField
          label="Name, number or address"
          type="search"
          hint="Noor, +1 202 …, …@g.us"
          value={search}
          pauseMs={250}
          onChange={(text) =>
            goTo(addressOf.state('chats', opened, { session, search: text }), true)
          }
        />
        {!answer && <p class="quiet">{error ?? 'Loading …'}</p>}
        {answer?.rows.length === 0 && (
          <p class="quiet">
            {search === ''
              ? `No chat is known yet. A message makes one: ${commands.value.fanout} send message`
              : 'No chat has that in its name or number.'}
          </p>
        )}
        {search.includes('@') && (
          <p>
            <a href={addressOf.state('chats', search.trim(), { search })}>Open {search.trim()}</a>
          </p>
        )}
        <ul>
          {answer?.rows.map((row, index) => (
            // Hidden addresses may look alike.
            <li key={index}>
              <a
                class="row"
                data-row
                href={addressOf.state('chats', row.chat?.id, { session: row.session, search })}
                aria-current={
                  row.chat?.id === opened && row.session === session ? 'true' : undefined
                }
              >
                <b>
                  <Untrusted text={titleOf(row) ?? row.chat?.id ?? ''} max={60} />
                </b>
                <Time at={row.lastActivity} />
                <span class="quiet">
                  {row.last} · <Untrusted text={row.session} max={30} />
                </span>
              </a>
            </li>
          ))}
        </ul>
        <Pages
          what="chats"
          before={before}
          next={answer?.next}
          onGo={(next) => setPage({ search, before: next })}
        />
      </section>
      {opened !== undefined &&
        (isRevealed.value ? (
          <Conversation
            id={opened}
            session={session}
            name={titleOf(answer?.rows.find(({ chat }) => chat?.id === opened))}
            key={`${session} ${opened}`}
          />
        ) : (
          <p class="panel">A chat is what people have written: show personal content to read it.</p>
        ))}
    </div>
  );
}

interface ConversationProps {
  readonly id: string;
  /** Undefined: whichever session knows it. */
  readonly session: string | undefined;
  /** Where the list knows it. */
  readonly name: string | undefined;
}

function Conversation({ id, session, name }: ConversationProps) {
  const [before, setBefore] = useState<string>();
  const { search } = useLocation().query;
  const { value: answer, error } = useAnswer<Rows<MessageView>>(
    'chat',
    { id, session, before },
    stored.value,
  );
  const byId = new Map(
    answer?.rows.flatMap((row) => (row.id === undefined ? [] : [[row.id, row]])),
  );
  return (
    <section class="panel conversation" aria-label="Conversation">
      <header>
        <h3>
          <Untrusted text={name ?? id} max={60} />
        </h3>
        {name !== undefined && (
          <span class="quiet">
            <Untrusted text={id} />
          </span>
        )}
        <a href={addressOf.events({ chat: id })}>its events</a>
        <a class="close button" data-close href={addressOf.state('chats', undefined, { search })}>
          Close
        </a>
      </header>
      {id.endsWith('@g.us') && <Group id={id} session={session} />}
      {!answer && <p class="quiet">{error ?? 'Loading …'}</p>}
      <Pages what="messages" before={before} next={answer?.next} onGo={setBefore} />
      <ol class="talk">
        {answer?.rows.map((message, index) => (
          <Message
            message={message}
            answered={byId.get(message.replyTo ?? '')}
            key={message.id ?? index}
          />
        ))}
      </ol>
      {answer?.rows.length === 0 && <p class="quiet">No message of it is known.</p>}
    </section>
  );
}

interface MessageProps {
  readonly message: MessageView;
  /** The message that it answers, where that is shown too. */
  readonly answered: MessageView | undefined;
}

function Message({ message, answered }: MessageProps) {
  const { direction, sentAt, body, revoked, waiting, content, location } = message;
  const { edits, reactions, ack, replyTo, refused, id } = message;
  const isMine = direction === 'outbound';
  return (
    <li class={isMine ? 'bubble mine' : 'bubble'}>
      <p class="meta">
        <b>{isMine ? 'me' : <Untrusted text={nameOf(message)} max={60} />}</b> <Time at={sentAt} />{' '}
        {content !== undefined && content !== 'text' && <Chip>{content}</Chip>}{' '}
        {id !== undefined && <a href={addressOf.events({ text: id })}>events</a>}
      </p>
      {replyTo !== undefined && (
        <blockquote>
          {answered?.body === undefined ? (
            <span class="quiet">an earlier message</span>
          ) : (
            <Untrusted text={answered.body} max={160} />
          )}
        </blockquote>
      )}
      {revoked && (
        <p class="quiet">
          deleted {revoked.byAdmin && <Untrusted text={`by ${revoked.by?.id ?? 'an admin'}`} />}{' '}
          <Time at={revoked.at} />
        </p>
      )}
      {waiting && <p class="quiet">not decrypted yet</p>}
      {!revoked && <Media message={message} />}
      {!revoked && location !== undefined && <Facts value={location} />}
      {!revoked && body !== undefined && (
        <p class="text">
          <Untrusted text={body} max={4_000} />
        </p>
      )}
      {!revoked && <Poll message={message} />}
      {!revoked && message.order !== undefined && <Facts value={message.order} />}
      {!revoked && message.choice !== undefined && (
        <p class="quiet">
          <Untrusted text={describeChoice(message.choice)} max={200} />
        </p>
      )}
      <p class="meta">
        {reactions.map(({ by, emoji }) => (
          <span class="chip" key={by} title={by}>
            <Untrusted text={String(emoji)} max={16} />
          </span>
        ))}{' '}
        {isMine && ack && (
          <span class={ack.level >= 3 ? 'ticks read' : 'ticks'}>
            {ticksOf(ack.level)} {String(ack.name)}
          </span>
        )}
      </p>
      {edits.length > 0 && (
        <details>
          <summary>edited {counted(edits.length, 'time')}</summary>
          <ol>
            {edits.map(({ at, body: text }) => (
              <li key={String(at)}>
                <Time at={at} /> <Untrusted text={String(text ?? '')} max={400} />
              </li>
            ))}
          </ol>
        </details>
      )}
      {refused.length > 0 && (
        <details>
          <summary>{counted(refused.length, 'change')} refused: not by the author</summary>
          <ol>
            {refused.map(({ action, at, by, body: text }) => (
              <li key={`${action} ${at} ${by?.id}`}>
                {action} <Time at={at} /> <Untrusted text={by?.id ?? ''} max={60} />{' '}
                <Untrusted text={String(text ?? '')} max={400} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

const textIn = (value: unknown, name: string): string | undefined => {
  const found = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof found === 'string' ? found : undefined;
};

const numberIn = (value: unknown, name: string): number | undefined => {
  const found = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof found === 'number' ? found : undefined;
};

/** The file of a message: what is known of it. */
function Media({ message: { hasMedia, media } }: { readonly message: MessageView }) {
  if (!hasMedia && media === undefined) {
    return null;
  }
  const [size, seconds, pages] = ['bytes', 'seconds', 'pages'].map((name) => numberIn(media, name));
  const facts = [
    textIn(media, 'filename') ?? textIn(media, 'mimetype') ?? 'file',
    size === undefined ? undefined : bytes(size),
    seconds === undefined ? undefined : duration(seconds * 1_000),
    pages === undefined ? undefined : counted(pages, 'page'),
    textIn(media, 'error'),
  ];
  return (
    <p class="media">
      📎 <Untrusted text={facts.filter(Boolean).join(', ')} max={200} />
    </p>
  );
}

/** The options of a poll, with how often each was chosen. */
function Poll({ message: { poll, votes, body } }: { readonly message: MessageView }) {
  // A vote that was withdrawn, or that could not be decrypted, has no choices.
  const choices = votes
    .map((vote) => (Array.isArray(vote.choices) ? vote.choices : []))
    .filter((each) => each.length > 0);
  if (poll === undefined) {
    return choices.length === 0 ? null : <p class="meta">{counted(choices.length, 'vote')}</p>;
  }
  const { options } = poll as { readonly options?: unknown };
  const chosen = choices.flat();
  const question = textIn(poll, 'question');
  return (
    <>
      {question !== undefined && question !== body && (
        <p class="text">
          <b>
            <Untrusted text={question} max={400} />
          </b>
        </p>
      )}
      <ul class="poll">
        {(Array.isArray(options) ? options : []).map((option, index) => (
          <li key={index}>
            <Untrusted text={String(option)} max={200} />{' '}
            <Chip>{counted(chosen.filter((each) => each === option).length, 'vote')}</Chip>
          </li>
        ))}
      </ul>
    </>
  );
}

const describeChoice = (choice: unknown) =>
  [
    `chosen by ${textIn(choice, 'by') ?? 'a button'}`,
    textIn(choice, 'id'),
    textIn(choice, 'description'),
  ]
    .filter(Boolean)
    .join(', ');

/** A name that somebody has chosen has a tilde, so that no contact can appear as `me`. */
const chosenName = (name: string) => `~ ${name}`;

/** The subject of a group, or the name that the other person has chosen. */
const titleOf = (row: ChatRow | undefined) =>
  row?.name === undefined || row.chat?.id.endsWith('@g.us') ? row?.name : chosenName(row.name);

const nameOf = ({ author, authorName }: MessageView) =>
  authorName === undefined ? (author?.id ?? '') : chosenName(authorName);

/** One tick: the server has it. Two: the phone. */
const ticksOf = (level: number) => (level >= 2 ? '✓✓' : level >= 1 ? '✓' : '');

function Group({ id, session }: Pick<ConversationProps, 'id' | 'session'>) {
  const { value } = useAnswer<readonly GroupView[]>('group', { id, session });
  const group = value?.[0];
  if (!group) {
    return null;
  }
  return (
    <details>
      <summary>The group: {counted(group.members.length, 'known member')}</summary>
      <Facts value={group.info} />
      <ul>
        {group.members.map(({ person, role }) => (
          <li key={person?.id}>
            <Untrusted text={person?.id ?? ''} /> <Chip>{String(role ?? 'member')}</Chip>
          </li>
        ))}
      </ul>
      <ol>
        {group.history.slice(0, 20).map(({ at, action, person }, index) => (
          <li key={index}>
            <Time at={at} /> {String(action)} <Untrusted text={person?.id ?? ''} />
          </li>
        ))}
      </ol>
    </details>
  );
}
