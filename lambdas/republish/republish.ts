import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { requiredEnvironment } from '../runtime/environment.ts';
import { republish } from './republish-batch.ts';

const bus = new EventBridgeClient({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
});

/** Reads the spill queue and puts on the bus what it refused before. */
export const handler = republish({
  busName: requiredEnvironment('BUS_NAME'),
  putEvents: async (Entries) => {
    const result = await bus.send(new PutEventsCommand({ Entries: [...Entries] }));
    return result.Entries ?? [];
  },
});
