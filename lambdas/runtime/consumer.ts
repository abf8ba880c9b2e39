/**
 * The package's `./consumer`: what a function needs that consumes a queue of this pipeline. The AWS SDK
 * clients that it uses are in the published file.
 */
export { hopsAfter } from '../../events/hops.ts';
export { is } from '../../events/is.ts';
export { PermanentError } from './classify-error.ts';
export { type ConsumeOptions, consume, type Delivery, type Handle } from './consume.ts';
export { log } from './log.ts';
