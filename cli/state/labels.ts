import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../../ops/aws/in-parallel.ts';
import { type Person, personIn, readChatId } from '../../ops/state/person.ts';
import { type Fact, textOf } from '../../ops/state/read-item.ts';
import type { StateReader } from '../../ops/state/state-reader.ts';
import { printRows } from './print-rows.ts';
import { type StateOptions, withState } from './with-state.ts';

interface LabelsOptions extends StateOptions {
  readonly chat?: string;
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

/** `fanout labels`: the labels with their chats; of one chat; or one label. */
export function labels(options: LabelsOptions): Promise<void> {
  return withState(options, async (reader) => {
    const rows = await readAllLabels(reader, options);
    printRows(rows, options.label === undefined ? columns : [...columns, chatsColumn], {
      json: options.json,
      empty: 'No label is known yet. fanout send label.upsert makes one.',
    });
  });
}

/** The labels of every session, with the chats that carry them. */
export async function readAllLabels(
  reader: StateReader,
  options: Pick<LabelsOptions, 'session' | 'chat' | 'label'> = {},
): Promise<readonly LabelView[]> {
  const sessions = await reader.sessions(stateKeys.labelSessions, options.session);
  const found = await inParallel(sessions, (session) => readLabels(reader, session, options));
  return found.flat();
}

const columns = [
  { title: 'label', cell: ({ id }: LabelView) => id },
  { title: 'name', cell: ({ name }: LabelView) => name },
  { title: 'colour', cell: ({ colorHex }: LabelView) => colorHex },
  { title: 'chats', cell: ({ chats }: LabelView) => chats.length },
  { title: 'session', cell: ({ session }: LabelView) => session },
];

const chatsColumn = {
  title: 'carried by',
  cell: ({ chats }: LabelView) => chats.map(({ id }) => id).join(' '),
  width: 10_000,
};

async function readLabels(
  reader: StateReader,
  session: string,
  { chat, label: only }: LabelsOptions,
): Promise<readonly LabelView[]> {
  const facts = await reader.partition(stateKeys.labels(session));
  const ids = only === undefined ? idsOf(facts) : [only];
  const carried = chat === undefined ? undefined : await labelsOf(reader, session, chat);
  const known = ids.filter((id) => carried === undefined || carried.has(id));
  const views = await inParallel(known, async (id) => {
    const of = (name: string) =>
      facts.find(({ sk, labelId }) => sk.startsWith(`${name}#`) && labelId === id);
    const label = of('label');
    if (label?.deleted === true) return [];
    const assigned = (await reader.partition(stateKeys.label(session, id))).filter(({ on }) => on);
    if (!label && assigned.length === 0) return [];
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

/** The labels that a chat carries. */
async function labelsOf(reader: StateReader, session: string, chat: string): Promise<Set<string>> {
  const facts = await reader.partition(stateKeys.chatLabels(session, readChatId(chat)));
  return new Set(facts.filter(({ on }) => on).flatMap((fact) => textOf(fact, 'labelId') ?? []));
}
