import { requiredEnvironment } from '../runtime/environment.ts';
import { putEventsToBus } from '../runtime/publish.ts';
import { republish } from './republish-batch.ts';

/** Reads the spill queue and puts on the bus what it refused before. */
export const handler = republish({
  busName: requiredEnvironment('BUS_NAME'),
  putEvents: putEventsToBus,
});
