import { catalog } from '../../events/catalog.ts';
import { metaFields } from '../../events/meta-data.docs.ts';
import { metaData } from '../../events/meta-data.ts';
import { pattern } from '../../events/pattern.ts';
import { consumers } from '../../lib/consumers.ts';
import { subscribedTypes } from '../../lib/subscription.ts';
import { type DocumentedEventType, documentedEventTypes } from './documented-event-type.ts';
import { shapes, toDocumentedSchema } from './documented-schema.ts';
import {
  contentsHeading,
  contentsSection,
  eventsPath,
  eventTypeSection,
  fieldTable,
} from './event-type-section.ts';
import {
  busName,
  codeBlock,
  eventTypePattern,
  formatJson,
  headingAnchor,
  markdownTable,
  putRuleCommand,
} from './markdown.ts';

/** docs/events.md and one page for each category, by path. */
export function eventsPages(): ReadonlyMap<string, string> {
  const byCategory = Map.groupBy(documentedEventTypes(), ({ category }) => category);
  return new Map([
    ['docs/events.md', indexPage(byCategory)],
    ...[...byCategory].map(([category, eventTypes]): [string, string] => [
      `docs/${eventsPath(category)}`,
      categoryPage(category, eventTypes),
    ]),
  ]);
}

const generated =
  '<!-- Made by `npm run docs` from the catalog (events/categories/). Do not edit. -->';

function indexPage(byCategory: ReadonlyMap<string, readonly DocumentedEventType[]>): string {
  return `${[
    generated,
    '# Events',
    'This page lists every event type on the bus, and describes what all events have in common. The page of a category has the fields of its event types, and for each type a rule that matches it and examples of a webhook with the resulting event.',
    '## Event types',
    typesTable([...byCategory.values()].flat()),
    envelopeSection(),
    '## meta',
    '`meta` is flat and the same for every event type, so that rules can filter on it. In event patterns its paths begin with `detail.meta`.',
    fieldTable(toDocumentedSchema(metaData, metaFields)),
    keySection(),
    identitySection(),
    ...shapes.flatMap(({ heading, introduction, schema, fields }) => [
      `## ${heading}`,
      introduction,
      fieldTable(toDocumentedSchema(schema, fields)),
    ]),
    rulesSection(),
  ].join('\n\n')}\n`;
}

/** The types by category; each row has the anchor that the type's section had when all was one page. */
function typesTable(eventTypes: readonly DocumentedEventType[]): string {
  return markdownTable(
    ['category', 'event type', 'when', 'consumers'],
    eventTypes.map(({ type, category, summary, deprecated }) => [
      `[${category}](${eventsPath(category)})`,
      `<a id="${headingAnchor(type)}"></a>[\`${type}\`](${eventsPath(category)}#${headingAnchor(type)})`,
      deprecated ? `${summary} Deprecated.` : summary,
      subscribersOf([type]).join(', '),
    ]),
  );
}

function categoryPage(category: string, eventTypes: readonly DocumentedEventType[]): string {
  const subscribers = subscribersOf(eventTypes.map(({ type }) => type));
  return `${[
    generated,
    `# Events: ${category}`,
    subscribers.length === 0
      ? 'No built-in consumer subscribes to these event types; they go to the `unrouted` queue.'
      : `The event types of the category \`${category}\`. Built-in [consumer${subscribers.length > 1 ? 's' : ''}](../consumers.md): ${subscribers.join(', ')}. `.concat(
          '[Events](../events.md) describes what all events have in common, such as `meta`.',
        ),
    eventTypes.map(({ type }) => `- [\`${type}\`](#${headingAnchor(type)})`).join('\n'),
    ...(category === messagesCategory
      ? [
          `[${contentsHeading}](#${headingAnchor(contentsHeading)}) has an example of each content type.`,
        ]
      : []),
    ...eventTypes.map(eventTypeSection),
    ...(category === messagesCategory ? [contentsSection()] : []),
  ].join('\n\n')}\n`;
}

/** The category whose page has the contents of messages. */
const messagesCategory = catalog.message.category;

/** The built-in consumers of some types, as code. */
function subscribersOf(types: readonly string[]): readonly string[] {
  return Object.entries(consumers)
    .filter(([, row]) => types.some((type) => subscribedTypes(row).includes(type)))
    .map(([name]) => `\`${name}\``);
}

/** What is around `data` in an event. */
export function envelopeSection(): string {
  return `## What a consumer receives

A consumer receives the EventBridge event, as the body of an SQS message or as the event of a function:

${codeBlock(
  'json',
  `{
  "version": "0",
  "id": "id of EventBridge; different when the event is published again",
  "source": "whatsapp",
  "detail-type": "message.reaction",
  "account": "123456789012",
  "time": "2026-01-01T12:04:00Z",
  "region": "us-east-1",
  "resources": [],
  "detail": { "meta": {}, "data": {}, "raw": {} }
}`,
)}

| field | what it is |
|---|---|
| \`source\` | Always \`whatsapp\`. |
| \`detail-type\` | The event type: the sender’s name for the event, or \`unrecognized\`. Same as \`detail.meta.type\`. |
| \`time\` | When it happened, to the second; \`detail.meta.occurredAt\` has milliseconds. |
| \`detail.meta\` | Fields that every event has: [meta](#meta). |
| \`detail.data\` | The normalized payload, in the same format for every sender and engine. Times are ISO-8601 UTC with milliseconds. A field that the payload does not contain is absent, never null. |
| \`detail.raw\` | The full body of the webhook, unchanged, with every digit of its numbers. It is a string if the body is not a JSON object or list, or has an integer of more than 64 bits. Absent on derived events. |

If \`raw\` would make the event too large for the bus, it is a claim check instead, which names an object in S3:
\`{"claimCheck": {"bucket": "…", "key": "…", "bytes": 901234}}\`. The object expires \`archiveDays\` + 42 days later, when no
event in a queue or in the archive can refer to it; files of a \`firehose\` consumer may be kept longer. In your own CDK
app, \`fanout.claimChecks.grantRead(consumer.function)\` allows a function to read it. For another app, the name of the
bucket is in the SSM parameter \`/whatsapp/<stage>/claim-check-bucket\`.

In TypeScript, [\`parse\`](../events/parse.ts) returns a typed event, and \`switch (event.type)\` or
\`is(event, 'message')\` narrows \`event.data\`. A condition on \`meta.type\` does not narrow, because TypeScript narrows
by a field of the event only. For other languages there are a [JSON Schema](schemas) of each event type’s \`detail\`,
and an [AsyncAPI document](asyncapi.json) of the bus.

If the body of a request is a list of webhooks, each element becomes an event, and \`raw\` is the element. In a
language whose numbers are doubles, such as JavaScript, \`JSON.parse\` changes integers beyond 2^53 in \`raw\`; use a
parser that keeps all digits if you need them.

Events may arrive more than once and in any order, because SQS and EventBridge deliver at least once and senders
retry. Detect duplicates by \`meta.id\`, and order events by their times. For each fact one event has no
\`meta.duplicateOf\`. Another event has the same \`meta.id\` in four cases: it has another event type
(\`duplicateOf\`), it has other content (\`conflict\`), it was published while deduplication was unavailable
(\`deduplication\`), or ingest crashed after publishing and published it again.`;
}

/** What `meta.id` is made of. */
export function keySection(): string {
  return `## Idempotency keys

\`meta.id\` consists of the name of a key and a hash, for example \`message:5f0c…\`. All webhooks that report the same
fact have the same \`meta.id\`: retries of the sender, two webhooks of one session, and two event types that report
the same fact. Different facts have different ids. The page of each event type lists the parts of its key; the
session is always one of them. The order of fields, white space and unknown fields of the body do not change the
key, and neither does information from other events.

A key has two kinds of parts: parts that are equal in all webhooks of a fact, and the people involved (chat, author,
reader, caller). Different phone numbers are different people, and so are different hidden ids; an address that a
webhook does not contain is not compared. So a bare message id in chats with two people is two facts, while a webhook
with a person’s phone number and a webhook with the hidden id are the same fact. The event that is published first
determines the \`meta.id\`.

If a payload does not contain the parts of its key, the sender’s event id, its time and the content are used
instead; without an event id, the time and the content. If there is neither an id nor a time (WAHA before 2024.11), a
repetition cannot be distinguished from a retry. The event then has the id of its request, and is never treated as a
duplicate.

Two cases cannot be distinguished. Two equal facts without an event id, within one unit of the sender’s time, are
treated as one. So are the messages with the same bare id of two people, if one webhook has only the phone number and
the other only the hidden id.`;
}

/** What becomes of phone numbers and LIDs, for authors of consumers. */
export function identitySection(): string {
  return `## People with two addresses

A person has a phone number and a hidden id (LID). On GOWS and NOWEB a message contains both, but its reactions,
receipts, calls and typing notices contain the LID only. Ingest stores the pair from every webhook that contains both
(people of a message, members of a group, callers, \`me\`, the engine’s \`_data\`), and completes later events of the same
account: in \`meta.chat\` and in every address of \`data\`, \`id\` and \`phone\` have the phone number, and \`lid\` has the
LID. So **\`meta.chat\` is the same in all events of a conversation: the address with the phone number if it is known,
otherwise the LID**.

- **Before the pair is known**, events have the LID only. Events that are already published do not change. Every later
  event still has the LID in \`data.chat.lid\`, so a consumer that has stored a chat by its LID can find it: look up
  the chat by \`meta.chat\`, then by \`data.chat.lid\`, and rename the entry in the second case.
- **A pair is available** when the webhook that contained it is answered; all instances of ingest use it within a
  second. It belongs to one account of one session and is not used for other accounts. It expires 180 days after it
  was last received or used. If a number changes, the later webhook replaces the pair.
- **Ids of messages** (\`messageId\`, \`target\`) and \`raw\` are not completed, so that the sender’s API accepts them.
- **\`meta.id\`** is computed from the body only, so a retry has the same id before and after the pair is stored.
- **\`meta.identities: "unavailable"\`** marks an event that was published without completion, because the table did
  not answer within 250 ms after deduplication.
- In an event with more than 100 addresses to look up, such as a list of members without phone numbers, the first
  100 are completed.
- With the setting \`identities: off\`, ingest neither stores nor completes pairs. Pairs in events that a
  [filter rule](filters.md) drops are not stored.

\`npx fanout identity +12025550142\` shows the stored pairs of a person, and
\`npx fanout identity forget +12025550142\` deletes them.`;
}

/** How to write a rule for an event type. */
export function rulesSection(): string {
  const inGroups = pattern({
    type: ['message', 'message.any'],
    where: {
      'data.chat.kind': 'group',
      'meta.fromMe': false,
      'meta.duplicateOf': { exists: false },
    },
  });
  return `## Rules

The page of a category has a rule for each of its event types, which you can copy. A rule also needs a target, here a
queue. The policy of the queue must allow the rule to send messages ([add a consumer](how-to/add-a-consumer.md#while-it-runs)):

${codeBlock(
  'sh',
  `QUEUE=$(aws sqs create-queue --queue-name my-queue --query QueueUrl --output text)
QUEUE_ARN=$(aws sqs get-queue-attributes --queue-url $QUEUE --attribute-names QueueArn --query Attributes.QueueArn --output text)
${putRuleCommand('on-message', eventTypePattern('message'))}
aws events put-targets --event-bus-name ${busName} --rule on-message \\
  --targets Id=1,Arn=$QUEUE_ARN`,
)}

With the local run, \`aws\` needs \`--endpoint-url\`: see [the AWS endpoint](local.md#the-aws-endpoint).
A rule can have more conditions than the event type. This rule matches messages of other people in groups, without
duplicates of another event type:

${codeBlock('json', formatJson(inGroups))}

${codeBlock('sh', putRuleCommand('in-groups', inGroups))}

EventBridge matches the elements of lists, so the path of \`presences[].person.phone\` is
\`data.presences.person.phone\`. In TypeScript, [\`pattern\`](../events/pattern.ts) creates such a pattern, and the
compiler refuses an event type, a path or a value that cannot match.`;
}
