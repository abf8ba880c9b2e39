import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/connect.ts';
import { compareOwners, type MessageView, viewMessage, writerOf } from './message-view.ts';
import { completed, isGroup, knownPerson } from './person.ts';
import {
  compare,
  type Fact,
  type PageOptions,
  type Rows,
  readRows,
  type SessionChoice,
  type StateReader,
  textOf,
} from './state-reader.ts';

/** The messages of a chat, the newest last, and where the next page begins. */
export async function readMessages(
  reader: StateReader,
  given: string,
  options: PageOptions & SessionChoice,
): Promise<Rows<MessageView>> {
  const sessions = await reader.sessions(stateKeys.messageSessions, options.session);
  const lists = await inParallel(sessions, async (session) => {
    const { addresses } = await knownPerson(reader, session, given);
    const of = { session, addresses };
    return addresses.map((address) => ({ list: stateKeys.timeline(session, address), of }));
  });
  const { rows: messages, next } = await readRows(
    reader,
    lists.flat(),
    options,
    async (entries) => {
      const found = await inParallel(sessions, async (session) => {
        const own = entries.filter(({ of }) => of.session === session);
        return withoutCopiesOfContent(await completed(reader, session, own));
      });
      const contents = found.flat().sort((a, b) => compare(b.sk, a.sk));
      return contents.map((content) => [content, content] as const);
    },
  );
  const groupFacts = groupFactsOf(reader, given);
  const rows = await inParallel(messages.toReversed(), async (content) => {
    const { session, addresses } = content.of;
    const id = textOf(content, 'messageId') ?? '';
    const facts = await inParallel(addresses, (address) =>
      reader.partition(stateKeys.message(session, address, id)),
    );
    const isRevoked = facts.flat().some(({ sk }) => sk.startsWith('revoked#'));
    return viewMessage(session, {
      content,
      facts: await completed(reader, session, facts.flat()),
      others: messages.filter(
        (other) => other !== content && other.messageId === id && other.of.session === session,
      ),
      group: isRevoked && isGroup({ id: given }) ? await groupFacts(session) : [],
    });
  });
  return { rows, next };
}

/**
 * Each message once. An entry with content replaces one without; the earliest of several contents counts,
 * since a message may be stored under both addresses of a chat.
 */
function withoutCopiesOfContent<Content extends Fact>(contents: readonly Content[]): Content[] {
  const first: Content[] = [];
  const byPreference = [...contents].sort(
    (a, b) =>
      Number(a.waiting === true) - Number(b.waiting === true) || (a.version < b.version ? -1 : 1),
  );
  for (const content of byPreference) {
    const isCopy = first.some(
      (other) =>
        other.messageId === content.messageId &&
        compareOwners(writerOf(other), writerOf(content)) === 'same',
    );
    if (!isCopy) {
      first.push(content);
    }
  }
  return first;
}

/** The facts of a group by session; read once for each session, and only if needed. */
function groupFactsOf(reader: StateReader, id: string) {
  const known = new Map<string, Promise<readonly Fact[]>>();
  const read = async (session: string) =>
    completed(reader, session, await reader.partition(stateKeys.group(session, id)));
  return (session: string) => {
    const found = known.get(session) ?? read(session);
    known.set(session, found);
    return found;
  };
}
