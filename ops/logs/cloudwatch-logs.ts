import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsAccess } from '../aws/connect.ts';
import type { LoggedLine, LogQuery } from './log-files.ts';

/** How often new lines are asked for, in milliseconds; CloudWatch takes five calls a second in all. */
const pollMs = 2_000;

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
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    client.destroy();
  }
}
