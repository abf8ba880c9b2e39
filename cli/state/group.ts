import { printable, printableJson } from '../../ops/printable.ts';
import { type GroupView, readGroups } from '../../ops/state/groups.ts';
import { nameOf, readGroupId } from '../../ops/state/person.ts';
import { printRows, type StateOptions, shortTime, withState } from './state-command.ts';

/** Lines of history that the table shows; `--json` has all. */
const shownHistory = 20;

/** `fanout state group`: a group with its settings, members and history. */
export function group(given: string, options: StateOptions): Promise<void> {
  return withState(options, async (reader) => {
    const id = readGroupId(given);
    const groups = await readGroups(reader, id, options);
    for (const view of groups) {
      if (options.json) {
        console.log(printableJson(view));
      } else {
        print(view);
      }
    }
    if (groups.length === 0 && !options.json) {
      console.log(`Nothing is known of ${printable(id)}. What changes in a group makes it known.`);
    }
  });
}

function print({ session, id, info, self, members, requests, history }: GroupView): void {
  console.log(printable(`${info.subject ?? id} (${id}, session ${session})`, 200));
  for (const [field, value] of Object.entries(info)) {
    console.log(printable(`  ${field}: ${value}`, 200));
  }
  if (self !== undefined) {
    console.log(`  this account is ${self ? 'a' : 'no'} member`);
  }
  console.log();
  printRows(
    members,
    [
      { title: 'member', cell: ({ person }) => nameOf(person) },
      { title: 'role', cell: ({ role }) => String(role ?? '') },
      { title: 'since', cell: ({ since }) => shortTime(since) },
    ],
    { empty: 'No member is known.' },
  );
  for (const { person, at } of requests) {
    console.log(printable(`asks to join: ${nameOf(person)}, since ${shortTime(at)}`, 200));
  }
  console.log();
  printRows(
    history.slice(0, shownHistory),
    [
      { title: 'when', cell: ({ at }) => shortTime(at) },
      { title: 'what', cell: ({ action }) => String(action) },
      {
        title: 'who',
        cell: ({ person, changed }) => (person ? nameOf(person) : [changed].flat().join(', ')),
      },
      { title: 'by', cell: ({ by }) => nameOf(by) },
    ],
    { empty: 'No history.' },
  );
}
