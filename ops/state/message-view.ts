import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { SessionChoice } from './page.ts';
import { type PageOptions, type Rows, readPage } from './page.ts';
import { latestByPerson, type Person, personIn } from './person.ts';
import { type Entry, type Fact, type StateReader, textOf } from './state-reader.ts';

/** A message with all that became of it. Times are ISO-8601 UTC. */
export interface MessageView {
  readonly id: string | undefined;
  readonly session: string;
  readonly sentAt: string | undefined;
  readonly direction: string | undefined;
  readonly author: Person | undefined;
  readonly authorName: string | undefined;
  /** The text as it is now. */
  readonly body: string | undefined;
  readonly hasMedia: boolean;
  readonly media: unknown;
  readonly location: unknown;
  /** Id of the message that it answers. */
  readonly replyTo: string | undefined;
  /** Whether its content could not be decrypted yet. */
  readonly waiting: boolean;
  /** Oldest first. */
  readonly edits: readonly { readonly at: unknown; readonly body: unknown }[];
  readonly revoked: { readonly at: unknown; readonly by: Person | undefined } | undefined;
  readonly reactions: readonly { readonly by: string; readonly emoji: unknown; at: unknown }[];
  /** The highest level that anybody reached, and when first. */
  readonly ack:
    | { readonly level: number; readonly name: unknown; readonly at: unknown }
    | undefined;
  /** Each level of each person, and when it was reached first. */
  readonly reached: readonly { readonly level: number; by: string; name: unknown; at: unknown }[];
  readonly votes: readonly { readonly by: string; readonly choices: unknown; at: unknown }[];
}

/** Puts a message together from its facts; undefined where its own content is not known (yet). */
export function viewMessage(session: string, facts: readonly Fact[]): MessageView | undefined {
  const one = (sk: string) => facts.find((fact) => fact.sk === sk);
  const all = (name: string) => facts.filter(({ sk }) => sk.startsWith(`${name}#`));
  const content = one('content') ?? one('waiting');
  if (!content) return undefined;
  const revoked = one('revoked');
  const edits = all('edit').sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
  const reached = all('ack').map((fact) => ({
    ...{ level: Number(fact.level), name: fact.name, at: fact.at },
    by: who(fact, 'recipient'),
  }));
  // Of levels equally high the one that was reached first.
  const [ack] = [...reached].sort(
    (a, b) => b.level - a.level || (String(a.at) < String(b.at) ? -1 : 1),
  );
  return {
    ...{ id: textOf(content, 'messageId'), session, sentAt: textOf(content, 'sentAt') },
    ...{ direction: textOf(content, 'direction'), author: personIn(content, 'author') },
    authorName: textOf(content, 'authorName'),
    body: textOf(edits.at(-1), 'body') ?? textOf(content, 'body'),
    ...{ hasMedia: content.hasMedia === true, media: content.media, location: content.location },
    replyTo: textOf(content, 'replyTo'),
    waiting: content.sk === 'waiting',
    edits: edits.map(({ at, body }) => ({ at, body })),
    revoked: revoked && { at: revoked.at, by: personIn(revoked, 'by') },
    reactions: latestByPerson(all('reaction'), 'author')
      .filter(({ emoji }) => emoji !== undefined)
      .map((fact) => ({ by: who(fact, 'author'), emoji: fact.emoji, at: fact.at })),
    ack: ack && { level: ack.level, name: ack.name, at: ack.at },
    reached: reached.sort((a, b) => a.level - b.level),
    votes: latestByPerson(all('vote'), 'voter').map((fact) => ({
      ...{ by: who(fact, 'voter'), choices: fact.choices, at: fact.at },
    })),
  };
}

/** The address; else what the key says: this account, the other person of the chat. */
function who(fact: Fact, field: string): string {
  return personIn(fact, field)?.id ?? fact.sk.split('#').at(-1) ?? '';
}

/** The messages of a chat, the newest last, and where the next page begins. */
export async function readMessages(
  reader: StateReader,
  id: string,
  options: PageOptions & SessionChoice,
): Promise<Rows<MessageView>> {
  const sessions = await reader.sessions(stateKeys.messageSessions, options.session);
  const lists = await inParallel(sessions, async (session) =>
    (await addressesOf(reader, session, id)).map((address) => ({
      list: stateKeys.timeline(session, address),
      of: session,
    })),
  );
  const { entries, next } = await readPage(reader, lists.flat(), options);
  const unique = [...new Map(entries.map((entry) => [entry.pk, entry])).values()];
  const views = await inParallel(unique, (entry) => readMessage(reader, entry.of, entry));
  return { rows: views.filter((view) => view !== undefined).reverse(), next };
}

/** The chat's address, and others of the same person that were seen. */
async function addressesOf(reader: StateReader, session: string, id: string): Promise<string[]> {
  const facts = await reader.partition(stateKeys.chat(session, id));
  return [id, ...facts.flatMap((fact) => textOf(fact, 'alias') ?? [])];
}

async function readMessage(
  reader: StateReader,
  session: string,
  { pk, sort }: Entry,
): Promise<MessageView | undefined> {
  const facts = await reader.partition(pk);
  // A message that waited for its content may stand in the list twice: at its content's place it counts.
  const content = facts.find((fact) => fact.sk === 'content');
  if (content?.listSort !== undefined && content.listSort !== sort) return undefined;
  return viewMessage(session, facts);
}
