import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { styleText } from 'node:util';
import type { LocalRun } from '@event-fanout/local-aws';
import { type ConversationStep, exampleConversation } from '../../events/conversation.docs.ts';
import { parse } from '../../events/parse.ts';
import { lastPartOf } from '../../ops/aws/arn.ts';
import { connect } from '../../ops/aws/connect.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import { shortName } from '../../ops/aws/pipeline.ts';
import { startCommand } from '../../ops/command-name.ts';
import { chooseQueue, findFailureQueues } from '../../ops/dead-letters/failure-queue.ts';
import { redrive } from '../../ops/dead-letters/redrive.ts';
import { readPort } from '../../ops/port.ts';
import { postWebhook } from '../../ops/send-webhook.ts';
import { type Arrival, Arrivals } from '../local/arrivals.ts';
import { combineObservers } from '../local/reporter.ts';
import { startProject } from '../local/start-project.ts';
import { isPublished } from '../published.ts';
import {
  InterruptedError,
  listenForInterruption,
  orInterrupted,
} from '../terminal/interruption.ts';
import { wrap } from '../terminal/table.ts';
import { chat } from './state-chat.ts';

/** What became of one webhook. */
interface Outcome {
  readonly what: string;
  readonly type: string;
  readonly status: number;
  readonly queues: readonly string[];
  /** From the request to the last arrival. */
  readonly ms: number;
  readonly arrived: boolean;
}

/** How long one event may take to be everywhere; the first ones start the functions. */
const timeoutMs = 30_000;

/** The consumer that fails at first: an example in the repository, which the published package has not. */
const failing = 'orders-to-crm';
const failingApp = 'node examples/orders-to-crm/app.ts';

const customer = '+12025550142';

/** Plays the conversation. */
export async function demonstrate({ json = false }: { json?: boolean }): Promise<void> {
  const start = performance.now();
  const print = json ? () => {} : (line: string) => console.log(line);
  const arrivals = new Arrivals();
  const types = new Set<string>();
  const crm = await startCrm();
  const interruption = listenForInterruption();
  const { signal } = interruption;
  try {
    const run = await startProject({
      port: readPort('PORT', 0),
      awsPort: readPort('AWS_PORT', 0),
      ...(!isPublished && { apps: [failingApp], context: { crmUrl: crm.url } }),
      observer: combineObservers([
        arrivals.observer,
        { queued: (_queue, body) => types.add(parse(body).meta.type) },
      ]),
      print,
      signal,
    }).catch((error) => {
      throw signal.aborted ? new InterruptedError('Stopped before it was ready.') : error;
    });
    const play = async () => {
      const steps = exampleConversation({ endsAt: Date.now() });
      print(
        `\nA customer writes to a shop: ${steps.length} webhooks, signed as WAHA signs them.\n`,
      );
      const outcomes = await playAll(run, arrivals, steps, (outcome) => {
        if (signal.aborted) {
          return;
        }
        if (json) {
          console.log(JSON.stringify(outcome));
        }
        print(describe(outcome, run.stacks[0]?.name ?? ''));
      });
      const isMissed = await arrivals.until(() => types.has('call.missed'), timeoutMs);
      print(
        `${mark(isMissed)} ${'The pipeline publishes the missed call itself'.padEnd(50)} ${dim('call.missed')}`,
      );
      const isRedriven = isPublished || (await redriveOrder(run, crm, arrivals, print, json));
      if (!json) {
        print(`\nWhat is stored of the chat (fanout state chat ${customer}):\n`);
        await chat(customer, { endpoint: run.awsEndpoint, limit: 20 });
      }
      const isComplete = isMissed && isRedriven && outcomes.every(({ arrived }) => arrived);
      print(summarize(outcomes, isComplete, performance.now() - start));
      if (!isComplete) {
        process.exitCode = 1;
      }
    };
    try {
      await orInterrupted(play(), signal, 'The demo was stopped.');
    } finally {
      await run.close();
    }
  } finally {
    interruption.release();
    await crm.close();
  }
}

/** Sends the webhooks one after another, each when the one before has arrived. */
async function playAll(
  run: LocalRun,
  arrivals: Arrivals,
  steps: readonly ConversationStep[],
  done: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const [ingress] = run.ingresses.values();
  const secretArn = run.stacks[0]?.outputs.SigningSecretArn ?? '';
  const secret = run.services.secretsManager.valueOf(secretArn) ?? '';
  const functionOf = new Map(
    run.services.lambda
      .listEventSourceMappings()
      .map(({ settings }) => [
        lastPartOf(settings.eventSourceArn),
        lastPartOf(settings.functionName),
      ]),
  );
  /** In a queue, and handled by the function of each queue that has one. */
  const isComplete = ({ queues, functions }: Arrival) =>
    queues.size > 0 &&
    [...queues.keys()].every((queue) => {
      const consumer = functionOf.get(queue);
      return consumer === undefined || functions.has(consumer);
    });
  const outcomes: Outcome[] = [];
  for (const { what, webhook } of steps) {
    const sentAt = performance.now();
    const answer = await postWebhook(`${ingress}/webhooks`, JSON.stringify(webhook), {
      kind: 'signature',
      secret,
    });
    const { id = '' } = (answer.body ?? {}) as { id?: string };
    const arrival = await arrivals.of(id, isComplete, answer.status === 202 ? timeoutMs : 0);
    const times = [...arrival.queues.values(), ...arrival.functions.values()];
    const outcome = {
      what,
      type: webhook.event,
      status: answer.status,
      queues: [...arrival.queues.keys()],
      ms: Math.round(Math.max(sentAt, ...times) - sentAt),
      arrived: answer.status === 202 && isComplete(arrival),
    };
    outcomes.push(outcome);
    done(outcome);
  }
  return outcomes;
}

/** The order failed, since the CRM refused it: shows where it waits, and redrives it when the CRM takes it. */
async function redriveOrder(
  run: LocalRun,
  crm: Crm,
  arrivals: Arrivals,
  print: (line: string) => void,
  json: boolean,
): Promise<boolean> {
  const access = connect({ endpoint: run.awsEndpoint });
  const pipeline = await findPipeline(access);
  const queue = chooseQueue(findFailureQueues(pipeline), failing);
  print(`\n${mark(false)} The CRM refused the order (401): it waits in a dead-letter queue`);
  crm.accept();
  const { moved } = await redrive(access, queue, pipeline);
  const isThere = await arrivals.until(() => crm.deals() > 0, timeoutMs);
  print(`${mark(isThere)} Redriven (fanout dlq redrive ${failing}): now the CRM has the order`);
  if (json) {
    console.log(JSON.stringify({ redriven: moved, deals: crm.deals() }));
  }
  return moved === 1 && isThere;
}

/** A CRM that refuses deals until `accept` is called. */
interface Crm {
  readonly url: string;
  accept(): void;
  /** How many deals it has taken. */
  deals(): number;
  close(): Promise<void>;
}

async function startCrm(): Promise<Crm> {
  let status = 401;
  let deals = 0;
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      deals += status === 201 ? 1 : 0;
      response.writeHead(status).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    accept() {
      status = 201;
    },
    deals: () => deals,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const mark = (isWell: boolean) => (isWell ? styleText('green', '✓') : styleText('red', '✗'));
const dim = (text: string) => styleText('dim', text);

function describe({ what, type, status, queues, ms, arrived }: Outcome, stack: string): string {
  const consumers = queues
    .map((name) => shortName(name, stack))
    .filter((name) => !name.endsWith('dead-letters'));
  const where = arrived ? `→ ${consumers.join(', ')}  ${ms} ms` : `lost (${status})`;
  return `${mark(arrived)} ${what.padEnd(50)} ${dim(`${type} ${where}`)}`;
}

function summarize(outcomes: readonly Outcome[], isComplete: boolean, ms: number): string {
  const arrived = outcomes.filter((outcome) => outcome.arrived).length;
  const text = `${arrived} of ${outcomes.length} webhooks arrived, each at every consumer that subscribes to it. ${(ms / 1_000).toFixed(1)} s in all.`;
  return [
    `\n${styleText(isComplete ? 'green' : 'red', wrap(text))}`,
    '\nNext:',
    `  ${startCommand().padEnd(50)} run it, with the console`,
    `  ${'fanout send --demo'.padEnd(50)} the same conversation, in that run`,
    `  ${'fanout connect waha http://localhost:3000'.padEnd(50)} a real sender`,
  ].join('\n');
}
