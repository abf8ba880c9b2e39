import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf } from '../../events/envelope.ts';
import { stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  aliases,
  bounded,
  constant,
  happenedAt,
  knownSession,
  latest,
  type Register,
  type RegistersOf,
  stored,
  type Value,
} from './register.ts';

/** The registers of the consumer `labels`: each label, its chats, and the labels of each chat. */
export const labelRegisters: RegistersOf<EventTypeIn<'labels'>> = {
  'label.upsert': (event) => changed(event, false),
  'label.deleted': (event) => changed(event, true),
  'label.chat.added': (event) => put(event, true),
  'label.chat.deleted': (event) => put(event, false),
};

/**
 * A deleted label is kept and marked as deleted, so that an older change that arrives later does not restore
 * it.
 */
function changed(
  { meta, data }: EventOf<'label.upsert' | 'label.deleted'>,
  deleted: boolean,
): readonly Register[] {
  const { label } = data;
  if (!label?.id) {
    return [];
  }
  const session = meta.session ?? unnamedSession;
  const key = { pk: stateKeys.labels(session), sk: stateKey('label', label.id) };
  return [
    latest(key, meta, { ...fieldsOf(label), deleted, at: happenedAt(meta) }),
    knownSession(stateKeys.labelSessions, session),
  ];
}

/** Stores the same fact twice, so that it can be queried by label and by chat. */
function put(
  { meta, data }: EventOf<'label.chat.added' | 'label.chat.deleted'>,
  on: boolean,
): readonly Register[] {
  const { chat, label } = data;
  if (!chat || !label?.id) {
    return [];
  }
  const session = meta.session ?? unnamedSession;
  const fact = { on, chat: stored(chat), labelId: bounded(label.id), at: happenedAt(meta) };
  const carried = { pk: stateKeys.label(session, label.id), sk: stateKey('chat', chat.id) };
  const carries = { pk: stateKeys.chatLabels(session, chat.id), sk: stateKey('label', label.id) };
  const hint = { pk: stateKeys.labels(session), sk: stateKey('hint', label.id) };
  return [
    latest(carried, meta, fact),
    latest(carries, meta, fact),
    // Contains the name of a label that may be older than this deployment. It does not prove that the label
    // still exists.
    ...(label.name === undefined ? [] : [latest(hint, meta, fieldsOf(label))]),
    constant(
      { pk: stateKeys.labels(session), sk: stateKey('seen', label.id) },
      { labelId: bounded(label.id) },
    ),
    ...(chat.kind === 'user' ? aliases('labels', meta, chat) : []),
    knownSession(stateKeys.labelSessions, session),
  ];
}

type Label = NonNullable<EventOf<'label.upsert'>['data']['label']>;

const fieldsOf = ({ id, name, color, colorHex }: Label): { [name: string]: Value } => ({
  labelId: bounded(id),
  name: bounded(name),
  color,
  colorHex,
});
