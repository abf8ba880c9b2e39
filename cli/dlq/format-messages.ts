import type { LetterDescription } from '../../ops/dead-letters/describe-message.ts';
import type { LetterGroup } from '../../ops/dead-letters/group-messages.ts';
import { formatAge } from '../../ops/duration.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { formatTable } from '../terminal/table.ts';

/** Letters as a table, one line each. */
export function formatLetters(letters: readonly LetterDescription[], now = Date.now()): string {
  const rows = letters.map((letter) => [
    formatAge(now - Date.parse(letter.sentAt)),
    printable(letter.type ?? '-', 40),
    printable(letter.session ?? '-', 24),
    printable(letter.chat ?? '-', 32),
    String(letter.attempts ?? '-'),
    printable(letter.errorMessage ? `${letter.error}: ${letter.errorMessage}` : letter.error),
  ]);
  return formatTable(['age', 'event', 'session', 'chat', 'attempts', 'error'], rows);
}

/** Groups as a table, one line each. */
export function formatGroups(by: string, groups: readonly LetterGroup[], now = Date.now()): string {
  const rows = groups.map(({ name, count, oldest, newest }) => [
    printable(name),
    count,
    formatAge(now - oldest),
    formatAge(now - newest),
  ]);
  return formatTable([by, 'letters', 'oldest', 'newest'], rows);
}

/** Groups as NDJSON, as `--json` gives them. */
export function groupsAsJson(by: string, groups: readonly LetterGroup[]): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  return groups
    .map(({ name, count, oldest, newest }) =>
      printableJson({ [by]: name, count, oldest: iso(oldest), newest: iso(newest) }),
    )
    .join('\n');
}
