import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsAccess } from './aws/connect.ts';

/** One line of a function's log. */
export interface LoggedLine {
  /** Epoch milliseconds; undefined if neither this line nor an earlier one has a time. */
  readonly at: number | undefined;
  readonly text: string;
}

/** Which lines are read. */
export interface LogQuery {
  /** Start time, in epoch milliseconds. */
  readonly since: number;
  /** Whether to continue with new lines, until the signal. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Interval at which a followed file is read, in milliseconds. */
const pollMs = 300;

/** Names of the functions whose logs a local run has kept in a folder. */
export function functionsWithLogs(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.log'))
        .map((file) => file.slice(0, -'.log'.length))
        .sort()
    : [];
}

/** Reads the log files that a local run keeps of a function: the older one, then the newer. */
export async function* readLogFiles(
  folder: string,
  functionName: string,
  { since, follow, signal }: LogQuery,
): AsyncGenerator<LoggedLine> {
  const path = join(folder, `${functionName}.log`);
  let at: number | undefined;
  const take = function* (text: string) {
    for (const line of text.split('\n').filter(Boolean)) {
      at = timeOf(line) ?? at;
      if (at === undefined || at >= since) {
        yield { at, text: line };
      }
    }
  };
  if (existsSync(`${path}.1`)) {
    yield* take(readFileSync(`${path}.1`, 'utf8'));
  }
  let position = 0;
  let rest = Buffer.alloc(0);
  while (!signal.aborted) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < position) {
      // The full file was renamed, and a new one started.
      position = 0;
      rest = Buffer.alloc(0);
    }
    if (size > position) {
      const bytes = Buffer.concat([rest, readFrom(path, position, size)]);
      const end = bytes.lastIndexOf('\n') + 1;
      position = size;
      rest = bytes.subarray(end);
      yield* take(bytes.toString('utf8', 0, end));
    }
    if (!follow) {
      yield* take(rest.toString('utf8'));
      return;
    }
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

function readFrom(path: string, start: number, end: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(end - start);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

/** The time of a line of a function, or of Lambda itself (`time`). */
function timeOf(line: string): number | undefined {
  const [, time] = /^\{"(?:timestamp|time)":"([^"]+)"/.exec(line) ?? [];
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}

/** Polling interval in milliseconds; CloudWatch Logs allows five calls per second. */
const cloudWatchPollMs = 2_000;

/** Lines may become visible this much later than they were logged, in milliseconds. */
const latenessMs = 20_000;

/** Reads the log group of a function in CloudWatch Logs. */
export async function* readLogGroup(
  { clientSettings }: Pick<AwsAccess, 'clientSettings'>,
  functionName: string,
  { since, follow, signal }: LogQuery,
): AsyncGenerator<LoggedLine> {
  const client = new CloudWatchLogsClient(clientSettings);
  let startTime = since;
  /** Ids of lines that were read, as long as they can come again. */
  let seen = new Map<string, number>();
  try {
    while (!signal.aborted) {
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new FilterLogEventsCommand({
            logGroupName: `/aws/lambda/${functionName}`,
            startTime,
            nextToken,
          }),
          { abortSignal: signal },
        );
        for (const { eventId = '', timestamp, message = '' } of page.events ?? []) {
          if (!seen.has(eventId)) {
            seen.set(eventId, timestamp ?? startTime);
            yield { at: timestamp, text: message.trimEnd() };
          }
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined && !signal.aborted);
      if (!follow) {
        return;
      }
      startTime = Math.max(startTime, Date.now() - latenessMs);
      seen = new Map([...seen].filter(([, at]) => at >= startTime));
      await sleep(cloudWatchPollMs, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    client.destroy();
  }
}
