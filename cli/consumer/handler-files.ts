import { catalog } from '../../events/catalog.ts';
import { derived, derivedTypesIn } from '../../events/derived.ts';
import { subscribedTypes } from '../../lib/subscription.ts';
import type { NewConsumer } from './new-consumer.ts';

/** A file of the project. */
export interface ProjectFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** The handler of a function, and its test; nothing for other kinds. */
export function handlerFiles(consumer: NewConsumer): readonly ProjectFile[] {
  const { name, row } = consumer;
  if (row.kind !== 'function') {
    return [];
  }
  return [
    { path: `lambdas/consumers/${name}.ts`, text: handlerSource(consumer) },
    { path: `test/lambdas/consumers/${name}.test.ts`, text: testSource(consumer) },
  ];
}

const union = (names: readonly string[]) => names.map((name) => `'${name}'`).join(' | ');

function handlerSource({ name, types, categories }: NewConsumer): string {
  // Unrecognized events have a category that is not in the catalog.
  const known = categories.filter((category) => category !== 'unrecognized');
  const derivedTypes = known.flatMap((category) => derivedTypesIn(category));
  const subscribed = [
    ...(types.length > 0 ? [union(types)] : []),
    ...(known.length > 0 ? [`EventTypeIn<${union(known)}>`] : []),
    ...(derivedTypes.length > 0 ? [union(derivedTypes)] : []),
    ...(known.length < categories.length ? ["'unrecognized'"] : []),
  ].join(' | ');
  return `${known.length > 0 ? "import type { EventTypeIn } from '../../events/catalog.ts';\n" : ''}import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';

/** The consumer \`${name}\`: logs the events that it receives. */
export const handler = consume<${subscribed}>(async (event, delivery) => {
  // Process the event here. If this throws, the event is delivered again.
  logHandled(event, delivery);
});
`;
}

function testSource({ name, row }: NewConsumer): string {
  const subscribed = subscribedTypes(row);
  const type = subscribed.find((each) => Object.hasOwn(catalog, each));
  return `import { expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
${type ? importsOfExample : ''}import { handler } from '../../../lambdas/consumers/${name}.ts';

test('the consumer ${name} processes an event', async () => {
${type ? exampleOf(type) : stubOf(subscribed[0] ?? '')}
  const record = {
    messageId: 'one',
    body: JSON.stringify({ detail }),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
  };
  const answer = await handler({ Records: [record] } as unknown as SQSEvent);
  expect(answer).toEqual({ batchItemFailures: [] });
});
`;
}

/** The imports that the example needs, each with a line end. */
const importsOfExample = [
  "import { exampleWebhook } from '../../../events/example-webhook.ts';",
  "import { normalizeWebhook } from '../../../events/normalize.ts';",
  '',
].join('\n');

const exampleOf = (
  type: string,
) => `  const body = Buffer.from(JSON.stringify(exampleWebhook('${type}', 'waha')));
  const request = { receivedAt: new Date(), requestId: 'request' };
  const [detail] = normalizeWebhook(body, request).events;`;

/** For a type that no sender sends: it has no example webhook. */
const stubOf = (type: string) =>
  `  const meta = { id: 'an-id', type: '${type}', category: '${categoryOf(type)}' };
  const detail = { meta, data: {} };`;

function categoryOf(type: string): string {
  const kind = Object.values(derived).find((each) => each.type === type);
  return kind?.category ?? type;
}
