import { styleText } from 'node:util';
import type { LocalObserver, LocalRun } from '@event-fanout/local-aws';
import { Command } from 'commander';
import { type EventType, eventTypes } from '../events/catalog.ts';
import type { Sender } from '../events/envelope.ts';
import { parse } from '../events/parse.ts';
import { lastPartOf } from '../ops/aws/arn.ts';
import { shortName } from '../ops/aws/pipeline.ts';
import { startCommand } from '../ops/command-name.ts';
import { readPort } from '../ops/port.ts';
import { freshWebhook, postWebhook } from '../ops/send-webhook.ts';
import { startProject } from './local/start-project.ts';
import { showStep } from './terminal/progress.ts';
import { formatTable, wrap } from './terminal/table.ts';

/** What became of one example. */
interface Outcome {
  readonly type: EventType;
  readonly sender: Sender;
  readonly status: number;
  readonly queues: readonly string[];
  readonly functions: readonly string[];
  /** From the request to the last arrival. */
  readonly ms: number;
  readonly arrived: boolean;
}

/** How long one event may take to be everywhere; the first ones start the functions. */
const timeoutMs = 10_000;

/** `fanout demo`: one example of every event type, in both senders' formats, through the full pipeline. */
export function demoCommand(): Command {
  return new Command('demo')
    .summary('Send each example through, and show where it goes')
    .description(
      'Send one example of every event type through the pipeline and show where it arrives',
    )
    .option('--json', 'one JSON object for each webhook')
    .action(demonstrate);
}

async function demonstrate({ json }: { json?: boolean }): Promise<void> {
  const start = performance.now();
  const print = json ? () => {} : (line: string) => console.log(line);
  const arrivals = new Arrivals();
  const run = await startProject({
    port: readPort('PORT', 0),
    awsPort: readPort('AWS_PORT', 0),
    observer: arrivals.observer,
    print,
  });
  try {
    const outcomes = await showStep('Sending the examples', () => sendAll(run, arrivals));
    if (json) {
      for (const outcome of outcomes) {
        console.log(JSON.stringify(outcome));
      }
    }
    print(describe(outcomes, run.stacks[0]?.name ?? ''));
    print(summarize(outcomes, performance.now() - start));
    if (outcomes.some(({ arrived }) => !arrived)) {
      process.exitCode = 1;
    }
  } finally {
    await run.close();
  }
}

async function sendAll(run: LocalRun, arrivals: Arrivals): Promise<Outcome[]> {
  const [ingress] = run.ingresses.values();
  const url = `${ingress}/webhooks`;
  const secretOf = (output: string) =>
    run.services.secretsManager.valueOf(run.stacks[0]?.outputs[output] ?? '') ?? '';
  const proofs = {
    waha: { kind: 'signature', secret: secretOf('SigningSecretArn') },
    wawp: { kind: 'url-secret', secret: secretOf('UrlSecretArn') },
  } as const;
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
  for (const type of eventTypes) {
    for (const sender of ['waha', 'wawp'] as const) {
      arrivals.clear();
      const sentAt = performance.now();
      const body = JSON.stringify(freshWebhook(type, sender));
      const answer = await postWebhook(url, body, proofs[sender]);
      const { id = '', type: recognized } = (answer.body ?? {}) as { id?: string; type?: string };
      const arrival = await arrivals.of(id, isComplete, answer.status === 202 ? timeoutMs : 0);
      const times = [...arrival.queues.values(), ...arrival.functions.values()];
      outcomes.push({
        type,
        sender,
        status: answer.status,
        queues: [...arrival.queues.keys()],
        functions: [...arrival.functions.keys()],
        ms: Math.round(Math.max(sentAt, ...times) - sentAt),
        arrived: answer.status === 202 && recognized === type && isComplete(arrival),
      });
    }
  }
  return outcomes;
}

function describe(outcomes: readonly Outcome[], stackName: string): string {
  const rows = eventTypes.map((type) => {
    const own = outcomes.filter((outcome) => outcome.type === type);
    const cell = (sender: Sender) => {
      const outcome = own.find((each) => each.sender === sender);
      return outcome?.arrived ? `${outcome.ms} ms` : `lost (${outcome?.status})`;
    };
    const unique = (names: readonly string[]) =>
      [...new Set(names.map((name) => shortName(name, stackName)))].join(', ');
    const functions = unique(own.flatMap((outcome) => outcome.functions));
    const queues = unique(own.flatMap((outcome) => outcome.queues));
    return [
      type,
      queues,
      functions === queues ? 'handled' : functions || '-',
      cell('waha'),
      cell('wawp'),
    ];
  });
  return formatTable(['event', 'queues', 'function', 'as WAHA', 'as Wawp'], rows);
}

function summarize(outcomes: readonly Outcome[], ms: number): string {
  const arrived = outcomes.filter((outcome) => outcome.arrived).length;
  const text = `${arrived} of ${outcomes.length} webhooks arrived: ${eventTypes.length} kinds, each signed as WAHA does and with a URL secret as Wawp does. ${(ms / 1000).toFixed(1)} s in all.`;
  return `\n${styleText(arrived === outcomes.length ? 'green' : 'red', wrap(text))}\nNext: "${startCommand()}" runs it, "fanout connect waha" connects a sender.`;
}

/** Where one event has arrived, and when (milliseconds of `performance.now`). */
export interface Arrival {
  /** By name of the queue. */
  readonly queues: ReadonlyMap<string, number>;
  /** By name of the function, once it has handled the event. */
  readonly functions: ReadonlyMap<string, number>;
}

interface Places {
  readonly queues: Map<string, number>;
  readonly functions: Map<string, number>;
}

/** Follows events through a local run, from the outside: queues filled, and functions done. */
export class Arrivals {
  readonly #byId = new Map<string, Places>();
  #changed = Promise.withResolvers<void>();

  /** For the local run: what is reported here becomes an arrival. */
  readonly observer: LocalObserver = {
    queued: (queueArn, body) => {
      const { meta } = parse(body);
      this.#note(meta.id, 'queues', lastPartOf(queueArn));
    },
    finished: ({ functionName, records }, failed) => {
      for (const { messageId, body } of records) {
        if (!failed.has(messageId)) {
          this.#note(parse(body).meta.id, 'functions', functionName);
        }
      }
    },
  };

  /** Forgets everything: what is sent next may have the id of what was sent before. */
  clear(): void {
    this.#byId.clear();
  }

  /** Resolves when `isComplete` holds for the event, or with what there is after `timeoutMs`. */
  async of(
    id: string,
    isComplete: (arrival: Arrival) => boolean,
    timeoutMs: number,
  ): Promise<Arrival> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const arrival = this.#placesOf(id);
      const remaining = deadline - performance.now();
      if (isComplete(arrival) || remaining <= 0) {
        return arrival;
      }
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, remaining);
      });
      await Promise.race([this.#changed.promise, timeout]);
      clearTimeout(timer);
    }
  }

  #note(id: string, kind: keyof Places, name: string): void {
    this.#placesOf(id)[kind].set(name, performance.now());
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  #placesOf(id: string): Places {
    const places = this.#byId.get(id) ?? { queues: new Map(), functions: new Map() };
    this.#byId.set(id, places);
    return places;
  }
}
