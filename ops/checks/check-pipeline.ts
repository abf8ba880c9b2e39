import { stateKeys } from '../../events/state/state-keys.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { webhookUrlOf } from '../aws/find-pipeline.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { rulesOfPipeline } from '../rules/rule.ts';
import { postWebhook } from '../send-webhook.ts';
import { viewSessions } from '../state/sessions.ts';
import { findStateTable, StateReader } from '../state/state-reader.ts';
import { checkDisk } from './check-disk.ts';
import {
  checkConsumers,
  checkEnds,
  checkFunctions,
  lookAtFunctions,
  oldestAges,
} from './check-queues.ts';
import { attempt, type Finding, findingsOn } from './finding.ts';

/** Settings of the quick checks. */
interface QuickCheckSettings {
  /** How long an event may wait for a function. */
  readonly maxAgeMs: number;
  /** @default - the stack's output WebhookUrl */
  readonly url?: string | undefined;
  /** The data folder of the local run. @default - not checked */
  readonly data?: string | undefined;
}

/** Runs the checks that take a second or two. `status` runs only these, `doctor` more. */
export async function quickChecks(
  access: AwsAccess,
  pipeline: Pipeline,
  { url, data, maxAgeMs }: QuickCheckSettings,
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
      'endpoint',
      async () => {
        const ingress = url ?? (await webhookUrlOf(access, stack));
        return ingress === undefined ? [] : checkIngress(ingress);
      },
      'url',
    ),
    attempt('disk', async () => (data === undefined ? [] : checkDisk(data)), data),
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

/** The probe's body: an unsigned request that no sender makes. */
const nothing = '{}';

/**
 * Posts without a signature. Only the ingest function answers that with 401, so the answer proves that
 * the route and the function work. Publishes nothing; counts as one refused webhook.
 */
export async function checkIngress(url: string): Promise<readonly Finding[]> {
  const area = 'endpoint';
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
      `It accepts unsigned requests (${status}): anyone can publish events. Is that the right URL?`,
    ];
  }
  if (status >= 300 && status < 400) {
    return [
      `It redirects (${status}). A sender follows with GET and treats that as success: give it the final URL.`,
    ];
  }
  if (status === 429) {
    return ['It is throttled (429). Raise throttleRate if this is not a flood.'];
  }
  if (status === 403 || status === 404) {
    return [`The route does not exist (${status}). Compare with the output WebhookUrl.`];
  }
  return [`It answers ${status}. The log group of the ingest function says why.`];
}

/** The buses, and each rule that cannot deliver events. */
function checkRules(pipeline: Pipeline): readonly Finding[] {
  const rules = rulesOfPipeline(pipeline);
  const silent = rules.flatMap(({ name, listeners, isEnabled }): readonly Finding[] => {
    const problems = [
      ...(isEnabled ? [] : ['It is disabled and delivers nothing: aws events enable-rule.']),
      ...(listeners.length > 0 ? [] : ['It has no target: the events that it matches are lost.']),
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
        : [
            'It has no catch-all rule: events that no consumer subscribes to are lost. Deploy again.',
          ],
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

/** States of a session (WAHA, `session.status`) that need no action. */
const online: ReadonlySet<string | undefined> = new Set(['WORKING', 'STARTING']);

/** The last known state of each WhatsApp session. A session that is not online sends no events. */
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
    return 'Its QR code has not been scanned yet.';
  }
  if (status === 'STOPPED') {
    return 'It is stopped: start it in the sender, unless that was intended.';
  }
  if (status?.startsWith('PASSKEY')) {
    return 'It waits for a passkey.';
  }
  return `It is ${status ?? 'in no known state'}: restart it in the sender.`;
}
