/**
 * The package's `./consumer`, for functions that consume a queue of this pipeline. The published file
 * contains the AWS SDK clients that it uses.
 */
export { hopsAfter } from '../../events/hops.ts';
export { is } from '../../events/parse.ts';
export { PermanentError } from './classify-error.ts';
export { type ConsumeOptions, consume, type Delivery, type Handle } from './consume.ts';
export { log } from './log.ts';
