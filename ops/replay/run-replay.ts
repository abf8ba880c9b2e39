import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelReplayCommand,
  DescribeReplayCommand,
  type DescribeReplayResponse,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import type { AwsAccess } from '../aws/connect.ts';
import type { Bus } from '../aws/pipeline.ts';
import type { ReplayPlan } from './plan-replay.ts';
import { createRule, describeTemporary, removeRule } from './temporary-rule.ts';

/** Which events are replayed, and to which consumer. */
interface ReplayRequest {
  readonly plan: ReplayPlan;
  readonly bus: Bus;
  readonly archiveArn: string;
  /** Epoch milliseconds, by the events' own time; `to` is not included. */
  readonly from: number;
  readonly to: number;
}

/** Options for following a replay. */
export interface ReplayWatch {
  /** Returns as soon as it has started. @default false */
  readonly leave?: boolean;
  /** Cancels the replay. */
  readonly signal?: AbortSignal;
  /** Called when the state or the time of the last replayed event changes. */
  readonly onState?: (state: string, reached: Date | undefined) => void;
}

/** The state in which a replay ended; `STARTING` if the command did not wait. */
interface ReplayOutcome {
  readonly state: string;
  readonly reason: string | undefined;
}

/** Polling interval in milliseconds. */
const pollMs = { local: 50, aws: 5_000 };

/**
 * Time for AWS to apply a created or deleted rule, in milliseconds (API reference, PutRule: "Allow a short
 * period of time for changes to take effect").
 */
const settleMs = { local: 0, aws: 15_000 };

const ended: ReadonlySet<string> = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);

/** Runs a replay to its end. Always deletes its temporary rules. */
export async function runReplay(
  access: AwsAccess,
  request: ReplayRequest,
  watch: ReplayWatch = {},
): Promise<ReplayOutcome> {
  const { plan } = request;
  const where = access.isLocal ? 'local' : 'aws';
  const settle = (signal?: AbortSignal) =>
    plan.temporary.length > 0
      ? sleep(settleMs[where], undefined, { signal }).catch(() => {})
      : undefined;
  let isRemaining = false;
  try {
    for (const rule of plan.temporary) {
      await createRule(access, rule, describeTemporary(plan.name));
    }
    await settle(watch.signal);
    if (watch.signal?.aborted) {
      return { state: 'CANCELLED', reason: undefined };
    }
    await start(access, request);
    isRemaining = watch.leave ?? false;
    if (isRemaining) {
      return { state: 'STARTING', reason: undefined };
    }
    const outcome = await follow(access, plan.name, watch, pollMs[where]);
    await settle();
    return outcome;
  } finally {
    if (!isRemaining) {
      for (const rule of plan.temporary) {
        await removeRule(access, rule, [rule.target.Id ?? '']);
      }
    }
  }
}

async function start({ eventBridge }: AwsAccess, request: ReplayRequest): Promise<void> {
  const { plan, bus, archiveArn, from, to } = request;
  await eventBridge.send(
    new StartReplayCommand({
      ReplayName: plan.name,
      EventSourceArn: archiveArn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: bus.arn, FilterArns: [...plan.ruleArns] },
    }),
  );
}

async function follow(
  { eventBridge }: AwsAccess,
  ReplayName: string,
  { signal, onState }: ReplayWatch,
  intervalMs: number,
): Promise<ReplayOutcome> {
  let reported = '';
  let isCancelled = false;
  for (;;) {
    const replay = await eventBridge.send(new DescribeReplayCommand({ ReplayName }));
    const { State: state = 'STARTING', StateReason: reason } = replay;
    if (reported !== fingerprint(replay)) {
      onState?.(state, replay.EventLastReplayedTime);
    }
    reported = fingerprint(replay);
    if (ended.has(state)) {
      return { state, reason };
    }
    if (signal?.aborted && !isCancelled) {
      isCancelled = true;
      await cancel(eventBridge, ReplayName);
    } else {
      await sleep(intervalMs, undefined, isCancelled ? {} : { signal }).catch(() => {});
    }
  }
}

/** A replay that has just ended cannot be cancelled; the next poll returns its state. */
async function cancel(eventBridge: AwsAccess['eventBridge'], ReplayName: string): Promise<void> {
  try {
    await eventBridge.send(new CancelReplayCommand({ ReplayName }));
  } catch (error) {
    if ((error as Error).name !== 'IllegalStatusException') {
      throw error;
    }
  }
}

const fingerprint = ({ State, EventLastReplayedTime }: DescribeReplayResponse) =>
  `${State} ${EventLastReplayedTime?.getTime()}`;
