import type { Letter } from './dead-letter-message.ts';

/** What letters can be grouped by. */
export const groupings = ['error', 'type', 'session'] as const;

/** See {@link groupings}. */
export type Grouping = (typeof groupings)[number];

/** Letters that have something in common. */
export interface LetterGroup {
  readonly name: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly oldest: number;
  readonly newest: number;
}

/** Groups letters, the largest group first. */
export function groupLetters(
  letters: readonly Pick<Letter, 'type' | 'session' | 'failure' | 'sentAt'>[],
  by: Grouping,
): readonly LetterGroup[] {
  const groups = Map.groupBy(letters, (letter) =>
    by === 'error' ? letter.failure.error : (letter[by] ?? '-'),
  );
  return [...groups]
    .map(([name, members]) => {
      const times = members.map(({ sentAt }) => sentAt);
      // Not Math.min(...): a hundred thousand arguments are too many.
      const oldest = times.reduce((a, b) => Math.min(a, b));
      const newest = times.reduce((a, b) => Math.max(a, b));
      return { name, count: members.length, oldest, newest };
    })
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
