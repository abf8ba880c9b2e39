import { type LabelChoice, type LabelView, readAllLabels } from '../../ops/state/labels.ts';
import { printRows, type StateOptions, withState } from './state-command.ts';

/** `fanout state labels`: the labels with their chats; of one chat; or one label. */
export function labels(options: StateOptions & LabelChoice): Promise<void> {
  return withState(options, async (reader) => {
    const rows = await readAllLabels(reader, options);
    printRows(rows, options.label === undefined ? columns : [...columns, chatsColumn], {
      json: options.json,
      empty: 'No label is known yet. fanout send label.upsert makes one.',
    });
  });
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
