import { metaFields } from '../../../events/meta-data.docs.ts';
import { metaData } from '../../../events/meta-data.ts';
import { type DocumentedKind, documentedKinds } from '../documented-kind.ts';
import { toDocumentedSchema } from '../documented-schema.ts';
import { busName } from '../rule.ts';
import { busChannels, busOperations } from './bus-channels.ts';
import { componentSchemas } from './component-schemas.ts';
import { eventMessage } from './event-message.ts';
import { queueChannels, queueOperations } from './queue-channels.ts';

/** The bus and the queues behind it as an AsyncAPI 3.0 document, from the view of a consumer. */
export function asyncApiDocument(): object {
  const kinds = documentedKinds();
  return {
    asyncapi: '3.0.0',
    id: 'urn:whatsapp-event-fanout:bus',
    info: info(kinds),
    defaultContentType: 'application/json',
    servers: { bus: busServer, queues: queueServer },
    channels: { ...busChannels(kinds), ...queueChannels() },
    operations: { ...busOperations(kinds), ...queueOperations() },
    components: {
      messages: Object.fromEntries(kinds.map((kind) => [kind.type, eventMessage(kind)])),
      schemas: componentSchemas(kinds),
    },
  };
}

function info(kinds: readonly DocumentedKind[]): object {
  const envelopeVersion = toDocumentedSchema(metaData, metaFields).properties?.version?.const;
  return {
    title: 'WhatsApp Event Fanout',
    version: `${envelopeVersion}.0.0`,
    description:
      'WhatsApp webhooks as one typed event stream: what a consumer receives from the event bus, by a rule of its own or from a queue of the stack. Its major version is the version of the envelope, `detail.meta.version`.',
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    tags: [...new Set(kinds.map(({ category }) => category))].map((name) => ({ name })),
  };
}

const variables = {
  region: { default: 'us-east-1', description: 'The AWS region of the stack.' },
};

const busServer = {
  host: 'events.{region}.amazonaws.com',
  protocol: 'eventbridge',
  title: 'The event bus',
  description: `The EventBridge bus \`${busName}\`, where \`${busName.split('-').at(-1)}\` is the stage. Channels are detail-types; a rule brings them to a target.`,
  variables,
};

const queueServer = {
  host: 'sqs.{region}.amazonaws.com',
  protocol: 'sqs',
  title: 'The queues behind the bus',
  description: 'One SQS queue for each consumer. The body of a message is the event.',
  variables,
};
