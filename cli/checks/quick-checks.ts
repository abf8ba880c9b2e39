import type { AwsAccess } from '../aws/connect.ts';
import { errorCode, explainError } from '../aws/explain-error.ts';
import { findPipeline } from '../aws/find-pipeline.ts';
import { webhookUrlOf } from '../aws/webhook-url.ts';
import { StateReader } from '../state/state-reader.ts';
import { findStateTable } from '../state/with-state.ts';
import { checkFrontDoor } from './check-front-door.ts';
import { checkFunctions } from './check-functions.ts';
import { checkConsumers, checkEnds } from './check-queues.ts';
import { checkRules } from './check-rules.ts';
import { checkSessions } from './check-sessions.ts';
import { type Check, judge, type Verdict } from './judgement.ts';
import { lookAtFunctions } from './look-at-functions.ts';
import { oldestAges } from './oldest-ages.ts';

/** What a look at a pipeline has found. */
export interface Status {
  readonly stack: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
}

/** What is looked for. */
export interface StatusSettings {
  readonly maxAgeMs: number;
  /** @default - the stack's output WebhookUrl */
  readonly url?: string;
}

/** Looks at all of a pipeline. What may not be looked at is unknown, and hides nothing else. */
export async function readStatus(access: AwsAccess, settings: StatusSettings): Promise<Status> {
  const pipeline = await findPipeline(access);
  const { stackName: stack, functions: names, queues } = pipeline;
  const unknowns: Check[] = [];
  const attempt = async <T>(
    area: Check['area'],
    name: string,
    otherwise: T,
    look: () => Promise<T>,
  ) => {
    try {
      return await look();
    } catch (error) {
      const problems = [`It cannot be looked at: ${explainError(error).message}`];
      unknowns.push({
        area,
        name,
        verdict: 'unknown',
        problems,
        facts: { error: errorCode(error) },
      });
      return otherwise;
    }
  };
  const [functions, ages, frontDoor, sessions] = await Promise.all([
    attempt('function', 'all', [], () => lookAtFunctions(access, names)),
    attempt('consumer', 'ages', new Map<string, number>(), () => oldestAges(access, queues)),
    attempt('front door', 'url', [], async () => {
      const url = settings.url ?? (await webhookUrlOf(access, stack));
      return url === undefined ? [] : [await checkFrontDoor(url)];
    }),
    attempt('session', 'all', [], async () => {
      const table = await findStateTable(access, stack);
      return table === undefined ? [] : checkSessions(new StateReader(access.dynamoDb, table));
    }),
  ]);
  const checks = [
    ...frontDoor,
    ...checkRules(pipeline),
    ...checkConsumers(pipeline, { ages, functions, maxAgeMs: settings.maxAgeMs }),
    ...checkFunctions(functions),
    ...checkEnds(pipeline),
    ...sessions,
    ...unknowns,
  ];
  return { stack, verdict: judge(checks), checks };
}
