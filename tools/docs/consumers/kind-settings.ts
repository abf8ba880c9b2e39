import { type ConsumerKind, consumerKinds } from '../../../lib/consumer-row.ts';
import { documentationOf } from '../../../lib/schema.ts';
import { markdownTable } from '../markdown-table.ts';

/** What each kind is for. */
const introductions: Readonly<Record<ConsumerKind, string>> = {
  function: 'A queue, and a function that runs one handler file for each event.',
  queue: 'A queue for a service of your own that polls, in this account or another.',
  https:
    'EventBridge posts each event to an endpoint (an API destination), with a secret in a header. It waits five seconds for an answer.',
  bus: 'Another bus, in this or another account and region.',
  firehose:
    'Files of GZIP-compressed NDJSON in a bucket, `events/2026/11/22/…gz`, for Athena or whatever reads lines of JSON. AWS only: a local run leaves it out and says so.',
  target:
    'Any `IRuleTarget` of CDK, given in `consumers` or by `addConsumer()` from your own app; the undeliverable queue is put behind it.',
};

/** One section for each kind, with its settings. */
export function kindSections(): readonly string[] {
  return Object.entries(consumerKinds).map(([kind, { entries }]) =>
    [
      `### Kind: ${kind}`,
      introductions[kind as ConsumerKind],
      markdownTable(
        ['setting', 'default', 'allowed', 'what it is'],
        Object.entries(entries).map(([name, schema]) => {
          const { fallback = '(must be there)', allowed, summary } = documentationOf(schema);
          return [`\`${name}\``, fallback, allowed, summary];
        }),
      ),
    ].join('\n\n'),
  );
}
