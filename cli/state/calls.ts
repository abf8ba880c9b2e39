import { type CallView, readCalls } from '../../ops/state/calls.ts';
import type { PageOptions } from '../../ops/state/page.ts';
import { nameOf } from '../../ops/state/person.ts';
import {
  printNext,
  printRows,
  type StateOptions,
  shortTime,
  timeBeside,
  withState,
} from './state-command.ts';

/** `fanout state calls`: the calls, the newest first. */
export function calls(options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const { rows, next } = await readCalls(reader, options);
    printRows(rows, columns, {
      json: options.json,
      empty: 'No call is known yet. fanout send call.received makes one.',
    });
    printNext(next);
  });
}

const columns = [
  { title: 'caller', cell: ({ caller }: CallView) => nameOf(caller) },
  { title: 'outcome', cell: ({ outcome }: CallView) => outcome },
  { title: 'media', cell: ({ media }: CallView) => media },
  { title: 'received', cell: ({ receivedAt }: CallView) => shortTime(receivedAt) },
  {
    title: 'accepted',
    cell: ({ acceptedAt, receivedAt }: CallView) => timeBeside(acceptedAt, receivedAt),
  },
  { title: 'ended', cell: ({ endedAt, receivedAt }: CallView) => timeBeside(endedAt, receivedAt) },
  { title: 'session', cell: ({ session }: CallView) => session },
];
