import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalRun, startLocalRun, systemClock } from '@event-fanout/local-aws';
import { synthesize } from '@event-fanout/local-aws/assembly';
import { build } from 'esbuild';
import { type Proof, postWebhook, type WebhookAnswer } from '../../ops/send-webhook.ts';
import { secretEnvironment, testSecret } from '../end-to-end/secrets.ts';
import type { Chaos } from './chaotic-consumer.ts';
import { FaultyAws } from './faulty-aws.ts';

/** This many seconds of waiting (visibility, pauses) pass in each real one. */
const timeScale = 4;

const signed: Proof = { kind: 'signature', secret: testSecret };

/** A chaotic consumer that behaves. */
const calm: Omit<Chaos, 'seed'> = { throws: 0, killedBefore: 0, killedAfter: 0, hangs: 0 };

/** The consumers of the app, by the function that is replaced. */
export type ConsumerName = 'messages' | 'groups';

/** The pipeline with a faulty AWS around it, and consumers that fail on demand. */
export class FaultRun {
  readonly run: LocalRun;
  readonly aws: FaultyAws;
  readonly lines: string[] = [];
  readonly #seed: string;
  readonly #directories: Record<ConsumerName, string>;

  constructor(
    run: LocalRun,
    aws: FaultyAws,
    seed: string,
    directories: Record<ConsumerName, string>,
  ) {
    this.run = run;
    this.aws = aws;
    this.#seed = seed;
    this.#directories = directories;
  }

  static async start(assembly: string, seed: string, random: () => number): Promise<FaultRun> {
    let self: FaultRun | undefined;
    const aws = new FaultyAws(random, () => (self as FaultRun).run);
    const run = await startLocalRun({
      assembly,
      ingressPort: 0,
      awsPort: 0,
      environment: secretEnvironment,
      clock: systemClock(timeScale),
      fault: (request, response) => aws.intercept(request, response),
      observer: { logged: ({ text }) => void self?.lines.push(text) },
    });
    const directories = { messages: await bundleConsumer(), groups: await bundleConsumer() };
    self = new FaultRun(run, aws, seed, directories);
    for (const [name, directory] of Object.entries(directories)) {
      self.behave(name as ConsumerName, {});
      run.services.lambda.updateCode(`whatsapp-dev-${name}`, directory);
    }
    return self;
  }

  /** Has a consumer behave in this way from its next event on. */
  behave(consumer: ConsumerName, chaos: Partial<Chaos>): void {
    const all: Chaos = { ...calm, seed: this.#seed, ...chaos };
    writeFileSync(join(this.#directories[consumer], 'chaos.json'), JSON.stringify(all));
  }

  /** How often a consumer has had its effect, by event id. */
  effects(consumer: ConsumerName): Map<string, number> {
    return countLines(join(this.#directories[consumer], 'effects.log'));
  }

  /** How often a consumer has begun, by event id. */
  attempts(consumer: ConsumerName): Map<string, number> {
    return countLines(join(this.#directories[consumer], 'attempts.log'));
  }

  /** Posts a webhook as WAHA does: again and again until the answer is 2xx. */
  async send(
    webhook: unknown,
    attempts = 16,
  ): Promise<WebhookAnswer & { readonly attempts: number }> {
    const url = `${[...this.run.ingresses.values()][0]}/webhooks`;
    const body = JSON.stringify(webhook);
    for (let attempt = 1; ; attempt++) {
      const answer = await postWebhook(url, body, signed);
      if (answer.status < 300 || attempt === attempts) {
        return { ...answer, attempts: attempt };
      }
    }
  }

  /** Messages that are not at an end: in consumer queues, in the spill queue, or on their way. */
  unfinished(): number {
    const { sqs, eventBridge } = this.run.services;
    const queues = ['messages', 'groups', 'spill'].map((name) => this.arnOf(name));
    return (
      eventBridge.pending() + queues.reduce((sum, arn) => sum + sqs.peek(arn, 10_000).length, 0)
    );
  }

  /** Resolves when nothing is unfinished; the test's own limit is the end. */
  async settle(): Promise<void> {
    while (this.unfinished() > 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The bodies in a queue, without taking them. */
  bodies(name: string): string[] {
    return this.run.services.sqs.peek(this.arnOf(name), 100_000).map(({ body }) => body);
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.run.region}:${this.run.accountId}:whatsapp-dev-${name}`;
  }

  /** How often a metric was counted, by the value of its dimension. */
  counted(metric: string, dimension: string): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const line of this.lines) {
      if (!line.includes('"_aws"') || !line.includes(`"${metric}"`)) {
        continue;
      }
      const fields = JSON.parse(line) as Record<string, unknown>;
      const name = String(fields[dimension]);
      sums[name] = (sums[name] ?? 0) + Number(fields[metric]);
    }
    return sums;
  }

  async close(): Promise<void> {
    await this.run.close();
    for (const directory of Object.values(this.#directories)) {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** Synthesizes the app of the fault tests. */
export async function assembleFaultApp(): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'fanout-faults-'));
  const app = 'node --disable-warning=ExperimentalWarning test/faults/app.ts';
  await synthesize(root, directory, {}, { app });
  return directory;
}

async function bundleConsumer(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-chaos-'));
  await build({
    entryPoints: [fileURLToPath(new URL('./chaotic-consumer.ts', import.meta.url))],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@aws-sdk/*'],
  });
  return directory;
}

function countLines(file: string): Map<string, number> {
  const counts = new Map<string, number>();
  if (!existsSync(file)) {
    return counts;
  }
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line !== '') {
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  return counts;
}
