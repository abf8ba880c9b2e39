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

/** The first that is known of a call: reports of its beginning may be missing. */
const begun = ({ receivedAt, acceptedAt, endedAt }: CallView) =>
  receivedAt ?? acceptedAt ?? endedAt;

const columns = [
  { title: 'caller', cell: ({ caller }: CallView) => nameOf(caller) },
  { title: 'outcome', cell: ({ outcome }: CallView) => outcome },
  { title: 'media', cell: ({ media }: CallView) => media },
  { title: 'when', cell: (call: CallView) => shortTime(begun(call)) },
  { title: 'accepted', cell: (call: CallView) => timeBeside(call.acceptedAt, begun(call)) },
  { title: 'ended', cell: (call: CallView) => timeBeside(call.endedAt, begun(call)) },
  { title: 'session', cell: ({ session }: CallView) => session },
];
