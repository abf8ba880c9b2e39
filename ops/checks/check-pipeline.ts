import { findStateTable } from '../../cli/state/with-state.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { webhookUrlOf } from '../aws/webhook-url.ts';
import { StateReader } from '../state/state-reader.ts';
import { checkFrontDoor } from './check-front-door.ts';
import { checkFunctions, lookAtFunctions } from './check-functions.ts';
import { checkConsumers, checkEnds } from './check-queues.ts';
import { checkRules } from './check-rules.ts';
import { checkSessions } from './check-sessions.ts';
import { attempt, type Finding } from './finding.ts';
import { oldestAges } from './oldest-ages.ts';

/** What the checks of a pipeline go by. */
export interface QuickCheckSettings {
  /** How long an event may wait for a function. */
  readonly maxAgeMs: number;
  /** @default - the stack's output WebhookUrl */
  readonly url?: string | undefined;
}

/**
 * How long an event may wait for a function. Redeliveries with growing pauses take up to ten minutes
 * before an event becomes a dead letter; what waits longer is not being worked on.
 */
export const defaultMaxAgeMs = 15 * 60_000;

/** Whether a pipeline works: all that takes a second or two. `status` runs these, `doctor` more. */
export async function quickChecks(
  access: AwsAccess,
  pipeline: Pipeline,
  { url, maxAgeMs }: QuickCheckSettings,
): Promise<readonly Finding[]> {
  const { stackName: stack, queues } = pipeline;
  const functions = lookAtFunctions(access, pipeline.functions);
  const ages = oldestAges(access, queues);
  const consumers = async () =>
    checkConsumers(pipeline, {
      ages: await ages.catch(() => new Map<string, number>()),
      functions: await functions.catch(() => []),
      maxAgeMs,
    });
  const findings = await Promise.all([
    attempt(
      'front door',
      async () => {
        const door = url ?? (await webhookUrlOf(access, stack));
        return door === undefined ? [] : checkFrontDoor(door);
      },
      'url',
    ),
    checkRules(pipeline),
    attempt('consumer', () => ages.then(() => []), 'ages'),
    attempt('function', async () => checkFunctions(await functions), 'all'),
    consumers(),
    checkEnds(pipeline),
    attempt(
      'session',
      async () => {
        const table = await findStateTable(access, stack);
        return table === undefined ? [] : checkSessions(new StateReader(access.dynamoDb, table));
      },
      'all',
    ),
  ]);
  return findings.flat();
}
