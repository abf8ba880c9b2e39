/**
 * The headings of docs/runbook.md, by what an alarm is about. Each alarm's description names its
 * heading, and a test holds alarms and runbook together.
 */
export const runbook = {
  'dead-letters': 'Dead letters',
  late: 'Oldest event too old',
  errors: 'A consumer’s function fails',
  undelivered: 'Events that a consumer’s target did not take',
  undeliverable: 'Undeliverable events',
  unrouted: 'Unrouted events',
  lost: 'Events that no queue took',
  'bus-refuses': 'The bus refuses events',
  'spill-late': 'The spill queue does not get empty',
  'republish-errors': 'The function behind the spill queue fails',
  'ingest-errors': 'Ingest fails',
  'ingest-throttles': 'Ingest is throttled',
  'ingest-refuses': 'Senders are told to try again',
  'not-authentic': 'A burst of requests that are not authentic',
  'sessions-offline': 'A session is offline',
} as const;

/** What an alarm can be about. */
export type AlarmKind = keyof typeof runbook;
