import { requiredEnvironment } from '../runtime/aws-clients.ts';
import { putEventsToBus } from '../runtime/publish.ts';
import { republish } from './republish-batch.ts';

/** Reads the spill queue and publishes its events on the bus. */
export const handler = republish({
  busName: requiredEnvironment('BUS_NAME'),
  putEvents: putEventsToBus,
});
