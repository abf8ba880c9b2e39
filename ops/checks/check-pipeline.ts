import { stateKeys } from '../../events/state/state-keys.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { webhookUrlOf } from '../aws/find-pipeline.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { rulesOfPipeline } from '../rules/rule.ts';
import { postWebhook } from '../send-webhook.ts';
import { viewSessions } from '../state/sessions.ts';
import { findStateTable, StateReader } from '../state/state-reader.ts';
import { checkFunctions, lookAtFunctions } from './check-functions.ts';
import { checkConsumers, checkEnds, oldestAges } from './check-queues.ts';
import { attempt, type Finding, findingsOn } from './finding.ts';

/** What the checks of a pipeline go by. */
interface QuickCheckSettings {
  /** How long an event may wait for a function. */
  readonly maxAgeMs: number;
  /** @default - the stack's output WebhookUrl */
  readonly url?: string | undefined;
}

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
        const ingress = url ?? (await webhookUrlOf(access, stack));
        return ingress === undefined ? [] : checkIngress(ingress);
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

/** What is posted: no sender would, and it is not signed. */
const nothing = '{}';

/**
 * Knocks without a signature. Only the function behind the route answers that with 401, so that this
 * answer shows the whole way; nothing is published by it. Counted as one refused webhook.
 */
export async function checkIngress(url: string): Promise<readonly Finding[]> {
  const area = 'front door';
  try {
    const { status, ms } = await postWebhook(url, nothing, undefined);
    return findingsOn(area, url, problemsOf(status), { status, ms: Math.round(ms) });
  } catch (error) {
    return findingsOn(area, url, [(error as Error).message], {});
  }
}

function problemsOf(status: number): readonly string[] {
  if (status === 401) {
    return [];
  }
  if (status >= 200 && status < 300) {
    return [
      `It takes what is not signed (${status}): anybody may put events on the bus. Is that the right URL?`,
    ];
  }
  if (status >= 300 && status < 400) {
    return [
      `It redirects (${status}). A sender follows with GET and takes that for success: give it the final URL.`,
    ];
  }
  if (status === 429) {
    return ['It is throttled (429). Raise throttleRate if this is not a flood.'];
  }
  if (status === 403 || status === 404) {
    return [`It has no such route for us (${status}). Compare with the output WebhookUrl.`];
  }
  return [`It answers ${status}. The log group of the ingest function says why.`];
}

/** The buses, and each rule on them by which nothing can come. */
function checkRules(pipeline: Pipeline): readonly Finding[] {
  const rules = rulesOfPipeline(pipeline);
  const silent = rules.flatMap(({ name, listeners, isEnabled }): readonly Finding[] => {
    const problems = [
      ...(isEnabled
        ? []
        : ['It is disabled, so that nothing comes by it: aws events enable-rule.']),
      ...(listeners.length > 0 ? [] : ['It has no target, so that what it matches is lost.']),
    ];
    if (problems.length === 0) {
      return [];
    }
    return findingsOn('rule', name, problems, {
      listeners: listeners.join(', '),
      enabled: isEnabled,
    });
  });
  const hasCatchAll = rules.some(({ isCatchAll }) => isCatchAll);
  const buses = pipeline.buses.flatMap(({ name }) =>
    findingsOn(
      'bus',
      name,
      hasCatchAll
        ? []
        : ['It has no rule for what no consumer categories: such events are lost. Deploy again.'],
      { rules: rules.length },
    ),
  );
  if (buses.length > 0) {
    return [...buses, ...silent];
  }
  return [
    ...findingsOn('bus', '-', [`The stack ${pipeline.stackName} has no bus.`], {}),
    ...silent,
  ];
}

/** States of a session (WAHA, `session.status`) in which it works, or soon will by itself. */
const online: ReadonlySet<string | undefined> = new Set(['WORKING', 'STARTING']);

/** The WhatsApp sessions, as they last said. One that is not online sends no events. */
export async function checkSessions(
  reader: Pick<StateReader, 'partition'>,
): Promise<readonly Finding[]> {
  const sessions = viewSessions(await reader.partition(stateKeys.sessions));
  return sessions.flatMap(({ session, status, since }) =>
    findingsOn('session', session, online.has(status) ? [] : [adviceFor(status)], {
      status,
      since,
    }),
  );
}

function adviceFor(status: string | undefined): string {
  if (status === 'SCAN_QR_CODE') {
    return 'It waits for somebody to scan its QR code.';
  }
  if (status === 'STOPPED') {
    return 'It was stopped: start it in the sender, if that was not meant.';
  }
  if (status?.startsWith('PASSKEY')) {
    return 'It waits for a passkey.';
  }
  return `It is ${status ?? 'in no known state'}: restart it in the sender.`;
}
