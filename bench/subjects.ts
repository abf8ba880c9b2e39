import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesize } from '@event-fanout/local-aws/assembly';
import { Template } from 'aws-cdk-lib/assertions';

/**
 * The subjects that are compared: the bundle, and what each guarantees and does not, for docs/benchmarks.md.
 */
export const subjects = {
  ours: {
    title: '**ingest**, default stack',
    guarantees:
      'signature of the raw bytes, size limit, schema of each event type, normalized event, deduplication of facts, spill queue when the bus refuses, metrics, one log line',
    lacks: 'no traces by default',
    bundle: 'ingest',
  },
  'ours without deduplication': {
    title: '**ingest**, `deduplicate=none`',
    lacks: 'publishes a repeated webhook twice',
    bundle: 'ingest',
    environment: { DEDUPLICATE: 'none', DEDUPLICATION_TABLE: '' },
  },
  floor: {
    title: '(a) baseline: the AWS calls of ingest with the SDK, HMAC, one JSON.parse',
    guarantees: 'signature',
    lacks: 'validates nothing, ignores the responses of the table, handles no errors, logs nothing',
    bundle: 'floor',
  },
  'floor without deduplication': {
    title: '(a) with the calls of `deduplicate=none`',
    bundle: 'floor',
    environment: { TABLE_NAME: '' },
  },
  'usual stack': {
    title: '(b) middy, JSON parser, validator, error handler, SDK; Powertools idempotency',
    guarantees:
      'signature, schema of one event type, normalized by hand, deduplication by webhook id with the response stored, errors as responses, one log line',
    lacks:
      'refuses event types without a schema; stores nothing when the bus refuses; publishes the same fact again if its webhook id differs',
    bundle: 'usual-stack',
  },
  'usual stack without deduplication': {
    title: '(b) without idempotency',
    lacks: 'as above; publishes a repeated webhook twice',
    bundle: 'usual-stack',
    environment: { TABLE_NAME: '' },
  },
  powertools: {
    title: '(c) Powertools: parser (zod), logger, metrics, tracer, idempotency',
    guarantees:
      'as (b), with metrics, and traces of one request in twenty; errors fail the request',
    lacks: 'as (b)',
    bundle: 'powertools',
  },
  'quick start': {
    title: "(d) AWS's quick start for inbound webhooks, with the SDK",
    guarantees: 'signature, the body is JSON; the event is published, or the sender gets an error',
    lacks:
      'does not validate or normalize; publishes a repeated webhook twice; no metrics, no log line',
    bundle: 'quick-start',
  },
} satisfies Record<string, Subject>;

export interface Subject {
  readonly title: string;
  /** @default - as the one before, without deduplication */
  readonly guarantees?: string;
  readonly lacks?: string;
  /** The name of its function. */
  readonly bundle: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export type SubjectName = keyof typeof subjects;

/** All subjects, in the order of the tables. */
export const subjectNames = Object.keys(subjects) as SubjectName[];

/** The functions in bench/rivals/. */
export const rivals = ['empty', 'floor', 'usual-stack', 'powertools', 'quick-start'];

/** Synthesizes bench/app.ts with bundling on; CDK's and esbuild's output is shown when it fails. */
export function synthesizeApp(outdir: string, context: Readonly<Record<string, unknown>>) {
  const project = fileURLToPath(new URL('..', import.meta.url));
  const app = 'node --disable-warning=ExperimentalWarning bench/app.ts';
  return synthesize(project, outdir, context, { app });
}

/** A function's code as it would be uploaded, its size, and the environment that its stack gives it. */
export interface Bundle {
  readonly directory: string;
  readonly bytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What is measured, by the name of its function without stage. */
export type Bundles = Readonly<Record<string, Bundle>>;

/** Synthesizes the stack and the rivals with bundling on; the code goes to a directory. */
export async function bundleAll(outdir: string): Promise<Bundles> {
  await synthesizeApp(outdir, { rivals });
  const bundles: Record<string, Bundle> = {};
  for (const file of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
    const template = Template.fromJSON(JSON.parse(readFileSync(join(outdir, file), 'utf8')));
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Function'))) {
      const directory = join(outdir, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
      const environment: Record<string, string> = {};
      for (const [name, value] of Object.entries(Properties.Environment?.Variables ?? {})) {
        // Where CloudFormation would fill in a name, the variable's own stands for it.
        environment[name] = typeof value === 'string' ? value : name;
      }
      const { size: bytes } = statSync(join(directory, 'index.mjs'));
      const name = String(Properties.FunctionName).replace(/^whatsapp-dev-/, '');
      bundles[name] = { directory, bytes, environment };
    }
  }
  return bundles;
}

/** The bundle of a subject, or of the empty handler, with its environment. */
export function bundleOf(name: SubjectName | 'empty', bundles: Bundles): Bundle {
  const subject: Subject | undefined = name === 'empty' ? undefined : subjects[name];
  const found = bundles[subject?.bundle ?? name] as Bundle;
  return { ...found, environment: { ...found.environment, ...subject?.environment } };
}
