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
    'Every event type on the bus, for authors of consumers. This page has what all events have in common; the page of a category has the fields of its types, a rule that matches each, and examples before and after.',
    '## Event types',
    typesTable([...byCategory.values()].flat()),
    envelopeSection(),
    '## meta',
    'Flat, the same for every event type, made for rules to filter on. In event patterns the paths begin with `detail.meta`.',
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
      ? 'No built-in consumer subscribes to these; they go to the `unrouted` queue.'
      : `Received by the built-in [consumer${subscribers.length > 1 ? 's' : ''}](../consumers.md) ${subscribers.join(', ')}. What all events have in common, `.concat(
          '`meta` above all, is on the page [Events](../events.md).',
        ),
    eventTypes.map(({ type }) => `- [\`${type}\`](#${headingAnchor(type)})`).join('\n'),
    ...(category === messagesCategory
      ? [`What a message can be: [${contentsHeading}](#${headingAnchor(contentsHeading)}).`]
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

The EventBridge event, as the body of an SQS message or as the event of a function:

${codeBlock(
  'json',
  `{
  "version": "0",
  "id": "EventBridge’s own; another one when the event is published again",
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
| \`time\` | When it happened, to the second; \`detail.meta.occurredAt\` has the milliseconds. |
| \`detail.meta\` | What is known of every event: [meta](#meta). |
| \`detail.data\` | The payload in one shape, whichever sender and engine it came from. Times are ISO-8601 UTC with milliseconds. What the payload does not say is absent, never null. |
| \`detail.raw\` | The full webhook body as it was sent, with every digit of its numbers. A string if the body is no JSON object or list, or has an integer beyond 64 bits. Absent on derived events. |

Where \`raw\` would make the event too large for the bus, it is a claim check instead:
\`{"claimCheck": {"bucket": "…", "key": "…", "bytes": 901234}}\`.

In TypeScript, [\`parse\`](../events/parse.ts) makes a typed event of any of these, and
\`switch (event.type)\` or \`is(event, 'message')\` narrows \`event.data\`. A condition on \`meta.type\` does
not: TypeScript narrows by a field of the event, not by a field of a field. For other languages there is a
[JSON Schema](schemas) of each event type’s \`detail\`, and an [AsyncAPI document](asyncapi.json) of the bus.

Of a list of webhooks in one body, \`raw\` is the element. In a language whose numbers are doubles, such as
JavaScript, parse \`raw\` from the text of the event with a parser that keeps digits if you need those of
integers beyond 2^53.

An event may come more than once and in any order: SQS and EventBridge deliver at least once, and
senders retry. Detect duplicates by \`meta.id\`, and order events by their times. Of one fact
there is one event without \`meta.duplicateOf\`; what else has its \`meta.id\` is of another type
(\`duplicateOf\`), of other content (\`conflict\`), published while deduplication was unavailable
(\`deduplication\`), or published twice because ingest was ended between the bus and its record.`;
}

/** What `meta.id` is made of. */
export function keySection(): string {
  return `## Idempotency keys

\`meta.id\` is the name of a rule and a hash, such as \`message:5f0c…\`. It is the same whenever the same
fact is reported: by the sender’s retries, by two webhooks of one session, by two event types that report the
same. It is different for different facts. Each type says on its page what its key is made of; the session is
always part of it. Order, white space and unknown fields of the body are not, nor is what is known from
other events.

A key has two halves: what all reports of a fact share, and the parties (chat, author, reader, caller).
Parties are compared. Different phone numbers are different people, and so are different hidden ids; what
one report does not know of a party does not distinguish it. So one bare id to two people is two
facts, and the copy of a message by phone number and the copy by hidden id are one: the first that was
published gives the \`meta.id\`.

Where a payload lacks the parts that its event type names, the sender’s event id and time stand in for them
together with the content, and where the sender gives no event id, the time and the content. Where it gives
neither (WAHA before 2024.11), a repetition cannot be distinguished from a retry: such an event has an id of its own
request, and is never taken for a duplicate.

What cannot be known: two equal facts without an event id within one unit of the sender’s time are one;
two people with one bare id, of whom one report has only the phone number and the other only the hidden
id, are taken for one.`;
}

/** What becomes of phone numbers and LIDs, for authors of consumers. */
export function identitySection(): string {
  return `## People with two addresses

A person has a phone number and a hidden id (LID). On GOWS and NOWEB a message names both, but its
reactions, receipts, calls and typing notices name the LID alone. Ingest learns the pair from every webhook that
names both (parties of a message, members of a group, callers, \`me\`, the engine’s own \`_data\`), and completes
the later events of the same account: \`meta.chat\` and every address in \`data\` have the phone number in \`id\` and
\`phone\`, and the LID in \`lid\`. So **\`meta.chat\` is the same in all events of a conversation: the phone number’s
address wherever it is known, else the LID**.

- **Before the pair is known** the LID stands alone, and nothing is invented. Events that are already
  published stay as they are. A consumer that has stored a chat under a LID finds it again by
  \`data.chat.lid\`, which stays in every later event: look up the chat by \`meta.chat\`, then by
  \`data.chat.lid\`, and rename what the second finds.
- **A pair is known** to other webhooks when the webhook that named it is answered, to every instance of ingest
  within a second. It belongs to one account of one session: another account does not know it. It expires 180
  days after it was last named or used. If a number changes, the later webhook counts.
- **Ids of messages** (\`messageId\`, \`target\`) keep the addresses with which the sender’s API knows them. So does \`raw\`.
- **\`meta.id\`** is made of the body alone, so a retry has the same id before and after the pair is learned.
- **\`meta.identities: "unavailable"\`**: the table did not answer in time (250 ms after deduplication is done), and the
  event is published as the body says it.
- An event with more than 100 addresses to look up, such as a list of members without phone numbers, has the
  first 100 of them completed.
- The setting \`identities: off\` learns and completes nothing. Events that a [filter rule](filters.md) drops teach nothing.

\`npx fanout identity +12025550142\` shows what is known of a person, and \`npx fanout identity forget +12025550142\` deletes it.`;
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

Each event type has a rule that can be pasted, on the page of its category. A rule needs a target, too, such as [a queue that lets it in](how-to/add-a-consumer.md#while-it-runs):

${codeBlock(
  'sh',
  `${putRuleCommand('on-message', eventTypePattern('message'))}
aws events put-targets --event-bus-name ${busName} --rule on-message \\
  --targets Id=1,Arn=$QUEUE_ARN`,
)}

Against the local run, \`aws\` needs \`--endpoint-url\`: see [the local run](local.md#the-aws-endpoint).
A rule may have more conditions than the event type. This one matches messages of others in groups, without
duplicates of another type:

${codeBlock('json', formatJson(inGroups))}

${codeBlock('sh', putRuleCommand('in-groups', inGroups))}

Lists are looked through, so the path of \`presences[].person.phone\` is \`data.presences.person.phone\`.
In TypeScript, [\`pattern\`](../events/pattern.ts) makes such a pattern, and the compiler refuses an event type, a
path or a value that cannot match.`;
}
