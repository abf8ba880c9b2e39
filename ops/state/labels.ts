import type { Person } from '../../events/state/person.ts';
import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { SessionChoice } from './page.ts';
import { completed, knownPerson, latestByPerson, personIn, readChatId } from './person.ts';
import { type Fact, type StateReader, textOf } from './state-reader.ts';

/** Which labels to read. @default - all */
export interface LabelChoice extends SessionChoice {
  /** Only the labels of this chat, by address or phone number. */
  readonly chat?: string;
  /** Only the label with this id. */
  readonly label?: string;
}

/** A label and the chats that carry it. */
export interface LabelView {
  readonly session: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly colorHex: string | undefined;
  readonly chats: readonly Person[];
}

/** The labels of every session, with the chats that carry them. */
export async function readAllLabels(
  reader: StateReader,
  options: LabelChoice = {},
): Promise<readonly LabelView[]> {
  const sessions = await reader.sessions(stateKeys.labelSessions, options.session);
  const found = await inParallel(sessions, (session) => readLabels(reader, session, options));
  return found.flat();
}

async function readLabels(
  reader: StateReader,
  session: string,
  { chat, label: only }: LabelChoice,
): Promise<readonly LabelView[]> {
  const facts = await reader.partition(stateKeys.labels(session));
  const ids = only === undefined ? idsOf(facts) : [only];
  const carried = chat === undefined ? undefined : await labelsOf(reader, session, chat);
  const known = ids.filter((id) => carried === undefined || carried.has(id));
  const views = await inParallel(known, async (id) => {
    const of = (name: string) =>
      facts.find(({ sk, labelId }) => sk.startsWith(`${name}#`) && labelId === id);
    const label = of('label');
    if (label?.deleted === true) {
      return [];
    }
    const changes = await reader.partition(stateKeys.label(session, id));
    const byChat = latestByPerson(await completed(reader, session, changes), 'chat');
    const assigned = byChat.filter(({ on }) => on);
    if (!label && assigned.length === 0) {
      return [];
    }
    const chats = assigned.flatMap((fact) => personIn(fact, 'chat') ?? []);
    const name = textOf(label, 'name') ?? textOf(of('hint'), 'name');
    const colorHex = textOf(label, 'colorHex') ?? textOf(of('hint'), 'colorHex');
    return [{ session, id, name, colorHex, chats }];
  });
  return views.flat();
}

const idsOf = (facts: readonly Fact[]) => [
  ...new Set(facts.flatMap((fact) => textOf(fact, 'labelId') ?? [])),
];

/** The labels that a chat carries: by its last change, under whichever of its addresses it was reported. */
async function labelsOf(reader: StateReader, session: string, chat: string): Promise<Set<string>> {
  const { addresses } = await knownPerson(reader, session, readChatId(chat));
  const found = await inParallel(addresses, (address) =>
    reader.partition(stateKeys.chatLabels(session, address)),
  );
  const facts = found.flat().sort((a, b) => (a.version < b.version ? -1 : 1));
  const carried = new Map(facts.map((fact) => [textOf(fact, 'labelId') ?? '', fact.on === true]));
  return new Set([...carried].flatMap(([label, isOn]) => (isOn ? [label] : [])));
}
