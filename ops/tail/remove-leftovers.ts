import { ListQueueTagsCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import { queueTags } from '../../events/names.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { removeRule } from '../replay/temporary-rule.ts';
import { closePost, expiryOf, tailPrefix, targetId } from './tail-queue.ts';

/**
 * Milliseconds for which a rule without a queue is not removed. ListQueues and GetQueueUrl may not show a
 * queue that was created less than a minute ago (SQS API reference, CreateQueue).
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
