import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { environmentOf } from '../functions/template-environment.ts';
import { signingSecret } from '../webhooks/signing-secret.ts';

/** One ingest function: which code, and the environment it runs in. */
export interface IngestSubject {
  readonly code: 'ingest' | 'floor' | 'usual-stack' | 'powertools' | 'quick-start';
  /** What it is, for the reader. */
  readonly title: string;
  readonly environment: Readonly<Record<string, string>>;
}

const own = 'whatsapp-dev-ingest';

const rivalEnvironment = {
  FLOOR_SIGNING_SECRET: signingSecret,
  SIGNING_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:SIGNING_SECRET_ARN',
  BUS_NAME: 'bench-bus',
  LEDGER_TABLE: 'bench-ledger',
};

/** What is measured side by side. */
export function ingestSubjects() {
  return {
    floor: {
      code: 'floor',
      title: '(a) the floor: JSON.parse, HMAC, JSON.stringify, one HTTP request',
      environment: rivalEnvironment,
    },
    ours: {
      code: 'ingest',
      title: '**ingest**, default stack (ledger: a read and a write besides PutEvents)',
      environment: environmentOf(own),
    },
    'ours, no ledger': {
      code: 'ingest',
      title: '**ingest**, `deduplicate=none`',
      environment: environmentOf(own, { context: { deduplicate: 'none' } }),
    },
    'ours, 1 consumer': {
      code: 'ingest',
      title: '**ingest**, stack with 1 consumer',
      environment: environmentOf(own, { consumers: queues(1) }),
    },
    'ours, 20 consumers': {
      code: 'ingest',
      title: '**ingest**, stack with 20 consumers',
      environment: environmentOf(own, { consumers: queues(20) }),
    },
    'usual stack': {
      code: 'usual-stack',
      title: '(b) middy, its JSON parser, validator (ajv) and error handler, AWS SDK',
      environment: rivalEnvironment,
    },
    powertools: {
      code: 'powertools',
      title: '(c) Powertools: parser (zod), logger, metrics, tracer, idempotency',
      environment: rivalEnvironment,
    },
    'quick start': {
      code: 'quick-start',
      title: "(d) what AWS's inbound webhook quick start does",
      environment: rivalEnvironment,
    },
  } as const satisfies Record<string, IngestSubject>;
}

/** The name of a subject. */
export type IngestName = keyof ReturnType<typeof ingestSubjects>;

function queues(count: number): Record<string, ConsumerRow> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `consumer${index}`,
      { kind: 'queue', summary: 'Hears messages', hears: ['messages'] } as const,
    ]),
  );
}
