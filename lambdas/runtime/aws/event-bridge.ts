import type { PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { PutEvents } from '../publish.ts';
import { type ClientPorts, type ClientSettings, jsonClient } from './aws-client.ts';

/** One try at the bus: whoever publishes decides whether to try again. */
const settings: ClientSettings = {
  attempts: 1,
  connectMs: 1_000,
  answerMs: 3_000,
  budgetMs: 4_000,
};

/** PutEvents of EventBridge. */
export function putEventsToBus(ports?: ClientPorts): PutEvents {
  const call = jsonClient<{
    PutEvents: { input: object; output: { Entries?: readonly PutEventsResultEntry[] } };
  }>(
    { name: 'events', variable: 'EVENTBRIDGE', target: 'AWSEvents', version: '1.1' },
    settings,
    ports,
  );
  return async (entries) => {
    const { Entries = [] } = await call('PutEvents', {
      // Times are seconds since 1970 in AWS JSON (Smithy, "Timestamp serialization and deserialization").
      Entries: entries.map((entry) =>
        entry.Time ? { ...entry, Time: entry.Time.getTime() / 1000 } : entry,
      ),
    });
    return Entries;
  };
}
