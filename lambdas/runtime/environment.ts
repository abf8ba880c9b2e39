import type { FunctionVariable } from '../../events/names.ts';

/**
 * What is read for each event, read once: a look into `process.env` is a call out of JavaScript. A test
 * changes it here.
 */
export const environment = {
  /** The stage whose function this is. */
  stage: process.env.STAGE,
  /** The key of the hashes that stand for chats in logs. */
  chatHashKey: process.env.CHAT_HASH_KEY,
  /** The setting `debugSamplePercent`. */
  debugSamplePercent: Number(process.env.DEBUG_SAMPLE_PERCENT ?? 0),
};

/** Reads an environment variable that the stack sets. Throws when the stack and the code disagree. */
export function requiredEnvironment(name: FunctionVariable): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set. The stack sets it: deploy again.`,
    );
  }
  return value;
}
