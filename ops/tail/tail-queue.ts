import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { type QueueRole, queueTags } from '../../events/names.ts';
import { readArn } from '../aws/arn.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { Bus, Pipeline } from '../aws/pipeline.ts';
import { createRule, removeRule } from '../replay/temporary-rule.ts';

/** A temporary rule and queue of one `fanout tail`. */
interface ListeningPost {
  /** Of the rule and of the queue. */
  readonly name: string;
  readonly busName: string;
  readonly queueUrl: string;
}

/** Id of the rule's one target. */
export const targetId = 'tail';

/**
 * How long EventBridge may continue to deliver for a deleted rule (API reference, DeleteRule: "Allow a short
 * period of time for changes to take effect"). The queue remains that long, so that no delivery fails.
 */
const settleMs = { local: 0, aws: 3_000 };

/** Retention of the queue in seconds. Older events are of no use to a tail. */
const retentionSeconds = '300';

type Access = Pick<AwsAccess, 'sqs' | 'eventBridge' | 'isLocal'>;

/** Creates the queue, then the rule. The queue comes first, because its tags contain the lease of both. */
export async function openPost(
  access: Access,
  bus: Bus,
  {
    name,
    pattern,
    leaseMs,
  }: { readonly name: string; readonly pattern: string; readonly leaseMs: number },
): Promise<ListeningPost> {
  const { region = '', account = '' } = readArn(bus.arn) ?? {};
  const partition = bus.arn.split(':')[1];
  const queueArn = `arn:${partition}:sqs:${region}:${account}:${name}`;
  const ruleArn = `arn:${partition}:events:${region}:${account}:rule/${bus.name}/${name}`;
  const { QueueUrl: queueUrl = '' } = await access.sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        MessageRetentionPeriod: retentionSeconds,
        SqsManagedSseEnabled: 'true',
        Policy: policyOf(queueArn, ruleArn),
      },
      tags: leaseTags(bus.name, Date.now() + leaseMs),
    }),
  );
  const post = { name, busName: bus.name, queueUrl };
  try {
    await createRule(
      access,
      {
        name,
        arn: ruleArn,
        busName: bus.name,
        pattern,
        // A late event is of no use to a tail.
        target: { Id: targetId, Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: 0 } },
      },
      `Made at ${new Date().toISOString()} for fanout tail. Deleted when it ends.`,
    );
  } catch (error) {
    await closePost(access, post);
    throw error;
  }
  return post;
}

/** Renews the lease. */
export async function renewLease(
  { sqs }: Pick<Access, 'sqs'>,
  { queueUrl, busName }: ListeningPost,
  leaseMs: number,
): Promise<void> {
  const Tags = leaseTags(busName, Date.now() + leaseMs);
  await sqs.send(new TagQueueCommand({ QueueUrl: queueUrl, Tags }));
}

/** Deletes the rule, then the queue. Ignores what is already deleted. */
export async function closePost(access: Access, post: ListeningPost): Promise<void> {
  await removeRule(access, post, [targetId]);
  await sleep(settleMs[access.isLocal ? 'local' : 'aws']);
  try {
    await access.sqs.send(new DeleteQueueCommand({ QueueUrl: post.queueUrl }));
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
}

/** Queue policy: only this rule may send, and only over TLS. */
const policyOf = (queueArn: string, ruleArn: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: queueArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

/**
 * Duration of a lease. A running tail renews its lease. After a crash the lease expires, and the next
 * `tail` or `doctor`, on any machine, removes its rule and queue.
 */
export const defaultLeaseMs = 120_000;

/** Value of the role tag of a queue of `fanout tail`. */
const tailRole: QueueRole = 'tail';

/** How often a lease is renewed before it ends. */
export const renewals = 4;

/** When the lease of a `fanout tail` queue expires, in epoch milliseconds. */
export function expiryOf(tags: Readonly<Record<string, string>>): number | undefined {
  if (tags[queueTags.role] !== tailRole) {
    return undefined;
  }
  const moment = Date.parse(tags[queueTags.expires] ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

/** The tags of a tail queue: its role and when its lease expires. */
function leaseTags(busName: string, expiresAt: number): Record<string, string> {
  return {
    [queueTags.role]: tailRole,
    [queueTags.bus]: busName,
    [queueTags.expires]: new Date(expiresAt).toISOString(),
  };
}

/** A unique name that contains the time. */
export function newTailName(): string {
  const when = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${tailPrefix}${when}-${randomBytes(3).toString('hex')}`;
}

/** Prefix of the names of the rules and queues of `fanout tail`. */
export const tailPrefix = 'fanout-tail-';

/**
 * Minimum age of a leftover in milliseconds: SQS may not list a queue that was created less than a minute ago
 * (API reference, CreateQueue), so a rule without a queue is kept for longer than that.
 */
const graceMs = 10 * 60_000;

/** `Made at <time> for fanout tail.` */
const madeAt = /^Made at (\S{20,30}) for fanout tail\./;

/**
 * Removes the rules and queues of every `fanout tail` that was killed: those whose lease has ended.
 * Rules and queues without a lease are not ours and stay.
 *
 * @returns the names of what was removed
 */
export async function removeLeftovers(
  access: Pick<AwsAccess, 'sqs' | 'eventBridge' | 'isLocal'>,
  { rules }: Pick<Pipeline, 'rules'>,
  now = Date.now(),
): Promise<readonly string[]> {
  const removed: string[] = [];
  const alive = new Set<string>();
  for (const { name, url, tags } of await listPosts(access)) {
    const expiry = expiryOf(tags);
    if (expiry === undefined || expiry > now) {
      alive.add(name);
      continue;
    }
    await closePost(access, { name, busName: tags[queueTags.bus] ?? 'default', queueUrl: url });
    removed.push(name);
  }
  for (const rule of rules.filter(({ name }) => name.startsWith(tailPrefix))) {
    const since = Date.parse(madeAt.exec(rule.description ?? '')?.[1] ?? '');
    if (alive.has(rule.name) || removed.includes(rule.name) || !(now - since > graceMs)) {
      continue;
    }
    await removeRule(access, rule, [targetId]);
    removed.push(rule.name);
  }
  return removed;
}

interface FoundPost {
  readonly name: string;
  readonly url: string;
  readonly tags: Readonly<Record<string, string>>;
}

async function listPosts({ sqs: client }: Pick<AwsAccess, 'sqs'>): Promise<readonly FoundPost[]> {
  const found: FoundPost[] = [];
  const pages = paginateListQueues({ client, pageSize: 100 }, { QueueNamePrefix: tailPrefix });
  for await (const { QueueUrls = [] } of pages) {
    for (const url of QueueUrls) {
      try {
        const { Tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl: url }));
        found.push({ name: url.split('/').at(-1) ?? '', url, tags: Tags });
      } catch (error) {
        if (!isMissing(error)) {
          throw error;
        }
      }
    }
  }
  return found;
}
