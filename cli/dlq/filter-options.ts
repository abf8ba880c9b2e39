import type { Command } from 'commander';
import type { MessageFilter } from '../../ops/dead-letters/message-filter.ts';
import { collect, parseMoment } from '../terminal/options.ts';

/** Filters as they come from the command line. */
export interface FilterOptions {
  readonly type?: readonly string[];
  readonly session?: readonly string[];
  readonly chat?: readonly string[];
  readonly error?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

/** Adds the filter options that the `dlq` commands share. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--type <type>', 'only this event type; may be repeated', collect)
    .option('--session <session>', 'only this session; may be repeated', collect)
    .option('--chat <chat>', 'only this chat, by address or phone number', collect)
    .option('--error <text>', 'only messages whose error contains this text')
    .option('--since <time>', 'only messages sent since: 2h, 7d, 2026-01-31T12:00:00Z', (t) =>
      parseMoment(t),
    );
}

/** The filter that the options stand for. */
export function readFilter({ type, session, chat, error, since }: FilterOptions): MessageFilter {
  return { types: type, sessions: session, chats: chat, error, since };
}
