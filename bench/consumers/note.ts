import { consume } from '../../lambdas/runtime/consume.ts';
import { logHandled } from '../../lambdas/runtime/log.ts';

/** A consumer that does nothing of its own: what it costs to be one. */
export const handler = consume(logHandled);
