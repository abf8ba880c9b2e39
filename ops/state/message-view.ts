import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import { viewGroup } from './groups.ts';
import { compareOwners, ownerOf, withAliases } from './message-owner.ts';
import { type PageOptions, type Rows, readPage, type SessionChoice } from './page.ts';
import { comparePersons, latestByPerson, type Person, personIn } from './person.ts';
import { type Fact, type StateReader, textOf } from './state-reader.ts';

/** A message with all that became of it. Times are ISO-8601 UTC. */
export interface MessageView {
  readonly id: string | undefined;
  readonly session: string;
  readonly sentAt: string | undefined;
  readonly direction: string | undefined;
  readonly author: Person | undefined;
  readonly authorName: string | undefined;
  /** What it is, in one word. */
  readonly content: string | undefined;
  /** A choice, question or order. */
  readonly choice: unknown;
  readonly poll: unknown;
  readonly order: unknown;
  /** The text as it is now. */
  readonly body: string | undefined;
  readonly hasMedia: boolean;
  readonly media: unknown;
  readonly location: unknown;
  /** Id of the message that it answers. */
  readonly replyTo: string | undefined;
  /** Whether its content could not be decrypted yet. */
  readonly waiting: boolean;
  /** Those of the author, oldest first. */
  readonly edits: readonly { readonly at: unknown; readonly body: unknown }[];
  /** Deleted by the author or, as it says then, by an admin of the group. */
  readonly revoked:
    | { readonly at: unknown; readonly by: Person | undefined; readonly byAdmin: boolean }
    | undefined;
  /** Edits and deletions by a person without known permission. They are ignored. */
  readonly refused: readonly RefusedChange[];
  readonly reactions: readonly { readonly by: string; readonly emoji: unknown; at: unknown }[];
  /** The highest receipt level of any reader, and when it was first reached. */
  readonly ack:
    | { readonly level: number; readonly name: unknown; readonly at: unknown }
    | undefined;
  /** Each level of each person, and when it was reached first. */
  readonly reached: readonly { readonly level: number; by: string; name: unknown; at: unknown }[];
  readonly votes: readonly { readonly by: string; readonly choices: unknown; at: unknown }[];
}

/** An edit or a deletion that does not count. */
export interface RefusedChange {
  readonly action: 'edit' | 'deletion';
  readonly at: unknown;
  readonly direction: string | undefined;
  readonly by: Person | undefined;
  /** The text that the message was to have. */
  readonly body: unknown;
}

/** What is known beside the facts under a message's id. */
export interface ViewOptions {
  /** Sort key of the first content to read. Default: the oldest. */
  readonly sk?: string;
  /** Other addresses of the person whose chat it is. Default: none. */
  readonly aliases?: readonly string[];
  /** The group's admins. Default: none. */
  readonly admins?: readonly Person[];
}

/**
 * Builds a message from the facts under its bare id, which may include facts of other messages.
 * Undefined where its own content is not known (yet), and where another content is shown in its place.
 */
export function viewMessage(
  session: string,
  facts: readonly Fact[],
  { sk, aliases = [], admins = [] }: ViewOptions = {},
): MessageView | undefined {
  const named = (name: string) =>
    facts
      .filter((fact) => fact.sk.startsWith(`${name}#`))
      .sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
  const contents = [...named('content'), ...named('waiting')];
  const requested = sk === undefined ? contents[0] : contents.find((fact) => fact.sk === sk);
  if (!requested) {
    return undefined;
  }
  const owner = withAliases(ownerOf(requested), aliases);
  const isSame = (fact: Fact) =>
    fact === requested || compareOwners(owner, ownerOf(fact)) === 'same';
  const content = contents.find(isSame);
  if (!content || (sk !== undefined && content !== requested)) {
    return undefined;
  }

  const inGroup = personIn(content, 'chat')?.id.endsWith('@g.us') === true;
  const others = contents.filter((fact) => !isSame(fact)).map(ownerOf);
  const likeness = (fact: Fact) => {
    const found = compareOwners(owner, ownerOf(fact));
    const mayBeOther = others.some((other) => compareOwners(other, ownerOf(fact)) !== 'different');
    return found !== 'same' && mayBeOther ? 'different' : found;
  };
  const all = (name: string) => named(name).filter((fact) => likeness(fact) !== 'different');
  // A sender that does not name who did it (WEBJS) reports what WhatsApp itself has allowed.
  const isByAuthor = (fact: Fact) => ['same', 'unnamed'].includes(likeness(fact));
  const isByAdmin = (fact: Fact) =>
    inGroup &&
    (fact.direction === 'outbound' ||
      admins.some((admin) => comparePersons(admin, personIn(fact, 'by')) === 'same'));
  const isOthers = (fact: Fact) =>
    (!inGroup && comparePersons(owner.person, ownerOf(fact).person) === 'different') ||
    others.some((other) => compareOwners(other, ownerOf(fact)) === 'same');

  const edits = withoutCopies(named('edit').filter(isByAuthor));
  // An edit that could not be read leaves the text as it was.
  const edited = edits.map((edit) => textOf(edit, 'body')).findLast((body) => body !== undefined);
  const deletions = named('revoked').filter((fact) => !isOthers(fact));
  const revoked = deletions.find(isByAuthor) ?? deletions.find((fact) => isByAdmin(fact));
  const refused = [
    ...named('edit').filter((fact) => !isOthers(fact) && !isByAuthor(fact)),
    ...deletions.filter((fact) => !isByAuthor(fact) && !isByAdmin(fact)),
  ];
  const reached = withoutCopies(all('ack')).map((fact) => ({
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
    content: textOf(content, 'content'),
    ...{ choice: content.choice, poll: content.poll, order: content.order },
    body: edited ?? textOf(content, 'body'),
    ...{ hasMedia: content.hasMedia === true, media: content.media, location: content.location },
    replyTo: textOf(content, 'replyTo'),
    waiting: content.sk.startsWith('waiting#'),
    edits: edits.map(({ at, body }) => ({ at, body })),
    revoked: revoked && {
      ...{ at: revoked.at, by: personIn(revoked, 'by'), byAdmin: !isByAuthor(revoked) },
    },
    refused: refused.map((fact) => ({
      action: fact.sk.startsWith('edit#') ? 'edit' : 'deletion',
      ...{ at: fact.at, direction: textOf(fact, 'direction'), body: fact.body },
      by: personIn(fact, 'author') ?? personIn(fact, 'by'),
    })),
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

/** Of facts that two address forms of a direct chat have made two, the first. */
function withoutCopies(facts: readonly Fact[]): readonly Fact[] {
  const keyOf = ({ sk }: Fact) => sk.split('#').slice(-2).join('#');
  return [...new Map([...facts].reverse().map((fact) => [keyOf(fact), fact])).values()].reverse();
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
  const lists = await inParallel(sessions, async (session) => {
    const addresses = await addressesOf(reader, session, id);
    return addresses.map((address) => ({
      list: stateKeys.timeline(session, address),
      of: { session, addresses },
    }));
  });
  const { entries, next } = await readPage(reader, lists.flat(), options);
  const admins = adminsOf(reader, id);
  const views = await inParallel(entries, async ({ pk, sk, of }) => {
    const facts = await reader.partition(pk);
    const isRevoked = facts.some((fact) => fact.sk.startsWith('revoked#'));
    return viewMessage(of.session, facts, {
      ...{ sk, aliases: of.addresses, admins: isRevoked ? await admins(of.session) : [] },
    });
  });
  return { rows: views.filter((view) => view !== undefined).reverse(), next };
}

/** The chat's address, and others of the same person that were seen. */
async function addressesOf(reader: StateReader, session: string, id: string): Promise<string[]> {
  const facts = await reader.partition(stateKeys.chat(session, id));
  return [id, ...facts.flatMap((fact) => textOf(fact, 'alias') ?? [])];
}

/** The admins of a group, as far as the state knows its members; read once for each session, and only if needed. */
function adminsOf(reader: StateReader, id: string) {
  const known = new Map<string, Promise<readonly Person[]>>();
  const read = async (session: string) =>
    viewGroup(session, id, await reader.partition(stateKeys.group(session, id)))
      .members.filter(({ role }) => role === 'admin' || role === 'superadmin')
      .flatMap(({ person }) => person ?? []);
  return (session: string) => {
    if (!id.endsWith('@g.us')) {
      return [];
    }
    const found = known.get(session) ?? read(session);
    known.set(session, found);
    return found;
  };
}
