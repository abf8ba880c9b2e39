import type { LocalObserver, LocalRun } from '@event-fanout/local-aws';
import {
  formatAnswer,
  formatFailure,
  formatFanOut,
  formatLogLine,
  formatRefusal,
  observeFanOut,
} from './activity.ts';
import type { Remaining } from './describe-run.ts';

/** Prints what happens in a local run. */
interface Reporter {
  readonly observer: LocalObserver;
  print(line: string): void;
  /** The run is ready; `description` is the text for people. */
  ready(run: LocalRun, description: string, consoleUrl?: string): void;
  /** The run has stopped; `remaining` is what was still queued. */
  stopped(remaining: Remaining): void;
}

/** Lines for a person, JSON for a program, or nothing. */
export function createReporter(options: {
  readonly quiet?: boolean;
  readonly json?: boolean;
}): Reporter {
  if (options.json) {
    return jsonReporter();
  }
  if (options.quiet) {
    return { observer: {}, print() {}, ready() {}, stopped() {} };
  }
  return personReporter();
}

function personReporter(): Reporter {
  const { counts, observer } = observeCounts();
  let isReady = false;
  const terminal = openTerminal(process.stdout, () => (isReady ? formatCounts(counts) : ''));
  return {
    observer: combineObservers([
      observer,
      observeFanOut((fanOut) => terminal.line(formatFanOut(fanOut))),
      {
        logged(line) {
          const text = formatLogLine(line);
          if (text) {
            terminal.line(text);
          }
        },
        refused: (request) => terminal.line(formatRefusal(request)),
        served(request) {
          const text = formatAnswer(request);
          if (text) {
            terminal.line(text);
          }
        },
        routed(observation) {
          const text = formatFailure(observation);
          if (text) {
            terminal.line(text);
          }
        },
      },
    ]),
    print: (line) => terminal.line(line),
    ready(_run, description) {
      terminal.line(description);
      isReady = true;
    },
    stopped({ text }) {
      terminal.close();
      terminal.line(formatCounts(counts));
      terminal.line(text);
    },
  };
}

function jsonReporter(): Reporter {
  const terminal = openTerminal(process.stdout, () => '');
  const report = (event: string, about: object) =>
    terminal.line(JSON.stringify({ event, ...about }));
  return {
    observer: combineObservers([
      observeFanOut((fanOut) => report('event', fanOut)),
      {
        served: ({ status, routeKey, responseLatencyMs }) =>
          report('request', { status, routeKey, ms: responseLatencyMs }),
        refused: (request) => report('refused', request),
        logged: ({ functionName, kind, stream, text }) =>
          report('log', { function: functionName, kind, stream, text }),
        routed(observation) {
          const { kind } = observation;
          if (kind !== 'published' && kind !== 'delivered') {
            report(kind, observation);
          }
        },
      },
    ]),
    print: (message) => report('note', { message }),
    ready: ({ ingresses, awsEndpoint, stacks }, _description, consoleUrl) =>
      report('ready', {
        ingresses: Object.fromEntries(ingresses),
        awsEndpoint,
        console: consoleUrl,
        outputs: Object.assign({}, ...stacks.map(({ outputs }) => outputs)),
      }),
    stopped: ({ queues, pending }) => report('stopped', { queues, pending }),
  };
}

/** Counts since the start. */
export interface Counts {
  /** HTTP requests answered. */
  received: number;
  published: number;
  /** Deliveries to targets. */
  delivered: number;
  /** Failed attempts to deliver an event or to handle a message; most are retried. */
  failed: number;
  /** Events that failed permanently: moved to a dead-letter queue, or lost if there is none. */
  dead: number;
}

/** Counts what the observer receives. */
export function observeCounts(): { readonly counts: Counts; readonly observer: LocalObserver } {
  const counts: Counts = { received: 0, published: 0, delivered: 0, failed: 0, dead: 0 };
  const observer: LocalObserver = {
    served() {
      counts.received += 1;
    },
    routed({ kind }) {
      if (kind === 'published') {
        counts.published += 1;
      } else if (kind === 'delivered') {
        counts.delivered += 1;
      } else if (kind === 'failed') {
        counts.failed += 1;
      } else if (kind === 'deadLettered' || kind === 'dropped') {
        counts.dead += 1;
      }
    },
    batchFinished(_batch, failed) {
      counts.failed += failed.size;
    },
    deadLettered() {
      counts.dead += 1;
    },
  };
  return { counts, observer };
}

/** The counts as one line. */
function formatCounts({ received, published, delivered, failed, dead }: Counts): string {
  return `received ${received}  published ${published}  delivered ${delivered}  failed ${failed}  dead letters ${dead}`;
}

/** Fans out to all observers; has only the callbacks that at least one of them implements. */
export function combineObservers(observers: readonly LocalObserver[]): LocalObserver {
  return {
    ...all(observers, 'logged'),
    ...all(observers, 'accessLogged'),
    ...all(observers, 'served'),
    ...all(observers, 'refused'),
    ...all(observers, 'routed'),
    ...all(observers, 'queued'),
    ...all(observers, 'deadLettered'),
    ...all(observers, 'batchStarted'),
    ...all(observers, 'batchFinished'),
  };
}

/** The combined callback of one name; an empty object if no observer has it. */
function all<Name extends keyof LocalObserver>(
  observers: readonly LocalObserver[],
  name: Name,
): Pick<LocalObserver, Name> {
  const listeners = observers.filter((each) => each[name]);
  if (listeners.length === 0) {
    return {} as Pick<LocalObserver, Name>;
  }
  const report = (...reported: unknown[]) => {
    for (const each of listeners) {
      (each[name] as (...reported: unknown[]) => void).apply(each, reported);
    }
  };
  return { [name]: report } as Pick<LocalObserver, Name>;
}

/** An output stream, with a status line at its end that is redrawn. */
interface Terminal {
  line(text: string): void;
  /** Ends the status line. */
  close(): void;
}

/** Interval between two redraws of the status line, in milliseconds. */
const drawMs = 250;

const eraseLine = '\r\u001b[2K';

/**
 * Writes lines. On a terminal the last line is `status`, which is redrawn; a pipe or a file receives only the
 * lines. A closed pipe stops the output, but not the program.
 */
export function openTerminal(stream: NodeJS.WriteStream, status: () => string): Terminal {
  let isGone = false;
  let drawn = '';
  stream.on('error', () => {
    isGone = true;
  });
  const write = (text: string) => {
    if (!isGone) {
      stream.write(text);
    }
  };
  const draw = (text: string) => {
    drawn = text.slice(0, Math.max(0, (stream.columns ?? 80) - 1));
    write(`${eraseLine}${drawn}`);
  };
  const timer = stream.isTTY
    ? setInterval(() => {
        const next = status();
        if (next !== drawn) {
          draw(next);
        }
      }, drawMs).unref()
    : undefined;
  return {
    line(text) {
      if (!stream.isTTY) {
        return write(`${text}\n`);
      }
      write(`${drawn ? eraseLine : ''}${text}\n`);
      if (drawn) {
        draw(drawn);
      }
    },
    close() {
      clearInterval(timer);
      if (drawn) {
        write('\n');
      }
      drawn = '';
    },
  };
}
