import { compilePattern, matches } from '@event-fanout/event-pattern';
import type { Command } from 'commander';
import { describeUnknownName } from '../../events/nearest-name.ts';
import { own, ownText } from '../../events/own.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { categoryNames, tailPattern } from '../../ops/event-filter.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { hideChat, redactEnvelope } from '../../ops/redact-envelope.ts';
import { busTypes, exampleSubject } from '../../ops/rules/read-event.ts';
import { chooseBus, listen } from '../../ops/tail/listen.ts';
import { defaultLeaseMs, newTailName, removeLeftovers } from '../../ops/tail/tail-queue.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { readTextFile } from '../terminal/read-text-file.ts';
import { withPipeline } from '../terminal/with-pipeline.ts';

interface TailOptions extends ConnectionOptions {
  readonly type?: readonly string[];
  readonly category?: readonly string[];
  readonly session?: readonly string[];
  readonly chat?: readonly string[];
  readonly fromMe?: boolean;
  readonly pattern?: string;
  readonly limit?: number;
  readonly for?: number;
  readonly reveal?: boolean;
  readonly json?: boolean;
}

/** `fanout tail`: shows events as they happen, until Ctrl-C. */
export function tail(options: TailOptions, command: Command): Promise<void> {
  const pattern = patternOf(options, command);
  const show = options.json ? eventAsJson : eventAsLine;
  return withPipeline(options, async ({ access, pipeline }) => {
    const bus = chooseBus(pipeline);
    const removed = await removeLeftovers(access, pipeline);
    if (removed.length > 0) {
      console.error(`Removed leftovers of a killed tail: ${removed.join(', ')}`);
    }
    const interruption = listenForInterruption();
    // A closed pipe (`| head -1`) ends the command without an error.
    const gone = new AbortController();
    const onPipe = () => gone.abort();
    process.stdout.on('error', onPipe);
    const signals = [interruption.signal, gone.signal];
    if (options.for !== undefined) {
      signals.push(AbortSignal.timeout(options.for));
    }
    let remaining = options.limit ?? Number.POSITIVE_INFINITY;
    try {
      await listen(access, bus, {
        name: newTailName(),
        pattern,
        leaseMs: defaultLeaseMs,
        signal: AbortSignal.any(signals),
        onReady: () => console.error(`Listening on ${bus.name}. Ctrl-C ends it.`),
        onEvent(text) {
          console.log(show(parse(text), options));
          remaining -= 1;
          return remaining > 0;
        },
      });
    } finally {
      interruption.release();
      process.stdout.off('error', onPipe);
    }
    if (interruption.signal.aborted) {
      process.exitCode = exitStatus.interrupted;
    }
  });
}

/** The event pattern for the options. Throws for a pattern that EventBridge would reject. */
function patternOf(options: TailOptions, command: Command): string {
  const { type, category, session, chat, fromMe, pattern: file } = options;
  const unknown = category?.find((name) => !categoryNames.includes(name));
  if (unknown !== undefined) {
    command.error(`error: ${describeUnknownName('category', printable(unknown), categoryNames)}`);
  }
  // A pattern such as group.* may match future types.
  const misspelt = type?.find((name) => !name.endsWith('*') && !busTypes.includes(name));
  if (misspelt !== undefined) {
    command.error(`error: ${describeUnknownName('event type', printable(misspelt), busTypes)}`);
  }
  const filter = { types: type, categories: category, sessions: session, chats: chat, fromMe };
  const isFiltered = Object.values(filter).some((each) => each !== undefined);
  if (file !== undefined && isFiltered) {
    command.error('error: --pattern cannot be combined with other filters.');
  }
  if (
    type &&
    category &&
    !matchesAnyType(type, tailPattern({ types: type, categories: category }))
  ) {
    command.error(
      'error: no event type of --type is in a category of --category: nothing matches.',
    );
  }
  const text = file === undefined ? tailPattern(filter) : readTextFile(file, command);
  try {
    return compilePattern(text).text;
  } catch (error) {
    return command.error(`error: ${(error as Error).message}`);
  }
}

/** Whether a pattern matches events of one of the types; also if a pattern of types names none that is known. */
function matchesAnyType(types: readonly string[], pattern: string): boolean {
  const known = busTypes.filter((name) =>
    types.some((type) => (type.endsWith('*') ? name.startsWith(type.slice(0, -1)) : name === type)),
  );
  const compiled = compilePattern(pattern);
  return known.length === 0 || known.some((name) => matches(compiled, exampleSubject(name)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** How an event is shown. */
interface Showing {
  /** Texts, names and phone numbers too. @default false */
  readonly reveal?: boolean;
}

/** An event as one line of JSON; personal data only with `reveal`. */
function eventAsJson(event: unknown, { reveal }: Showing): string {
  if (reveal) {
    return printableJson(event);
  }
  return printableJson({
    'detail-type': own(event, 'detail-type'),
    source: own(event, 'source'),
    time: own(event, 'time'),
    ...redactEnvelope(own(event, 'detail')),
  });
}

/** Maximum number of characters of `data` in a line with `reveal`. */
const maxDataLength = 160;

/** An event as one line for people: time, type, session and chat, author, and anomalies. */
function eventAsLine(event: unknown, { reveal }: Showing): string {
  const meta = own(event, 'detail', 'meta');
  const chat = ownText(meta, 'chat') ?? '-';
  const time = ownText(meta, 'receivedAt') ?? ownText(event, 'time') ?? '';
  const parts = [
    (/T(\d{2}:\d{2}:\d{2})/.exec(time)?.[1] ?? '').padEnd(8),
    (ownText(event, 'detail-type') ?? '?').padEnd(22),
    (ownText(meta, 'session') ?? '-').padEnd(12),
    (reveal ? chat : hideOrDash(chat)).padEnd(14),
    ...notesOf(meta),
    ...(reveal ? [reportOf(own(event, 'detail', 'data'))] : []),
  ];
  return printable(parts.join('  '), reveal ? 80 + maxDataLength : 160).trimEnd();
}

/** The text of a message; for other events, all of `data`. */
const reportOf = (data: unknown) => ownText(data, 'body') ?? JSON.stringify(data ?? null);

const hideOrDash = (chat: string) => (chat === '-' ? chat : hideChat(chat));

function notesOf(meta: unknown): readonly string[] {
  const type = ownText(meta, 'duplicateOf');
  const replay = ownText(meta, 'replay');
  return [
    ...(own(meta, 'fromMe') === true ? ['from me'] : []),
    ...(type ? [`published before as ${type}`] : []),
    ...(own(meta, 'conflict') === true ? ['published before with other content'] : []),
    ...(replay ? [`replayed by ${replay}`] : []),
  ];
}
