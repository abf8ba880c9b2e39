import {
  DescribeEventBusCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
} from '@aws-sdk/client-sqs';
import { readArn } from './arn.ts';
import { type AwsAccess, inParallel } from './connect.ts';
import { errorCode, isMissing } from './explain-error.ts';
import type { Bus, BusRule, Queue } from './pipeline.ts';

/** The queues at these URLs. Deleted queues are skipped. */
export async function findQueuesByUrl(
  access: AwsAccess,
  urls: readonly string[],
): Promise<readonly Queue[]> {
  return present(await inParallel(urls, (url) => describeQueue(access, url)));
}

/** The queues with these ARNs. Skips ARNs of other resources, deleted queues, and queues without read permission. */
export async function findQueuesByArn(
  access: AwsAccess,
  arns: readonly string[],
): Promise<readonly Queue[]> {
  const region = await access.sqs.config.region();
  const found = await inParallel(arns, async (text) => {
    const arn = readArn(text);
    // EventBridge and redrive policies reach queues of their own region only.
    if (arn?.service !== 'sqs' || arn.region !== region) {
      return undefined;
    }
    try {
      const { QueueUrl = '' } = await access.sqs.send(
        new GetQueueUrlCommand({ QueueName: arn.resource, QueueOwnerAWSAccountId: arn.account }),
      );
      return await describeQueue(access, QueueUrl);
    } catch (error) {
      if (isMissing(error) || isDenied(error)) {
        return undefined;
      }
      throw error;
    }
  });
  return present(found);
}

async function describeQueue({ sqs }: AwsAccess, url: string): Promise<Queue | undefined> {
  try {
    const [{ Attributes: attributes = {} }, tags] = await Promise.all([
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
      readTags({ sqs }, url),
    ]);
    const arn = attributes.QueueArn ?? '';
    return { name: readArn(arn)?.resource ?? url, url, arn, attributes, tags };
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Without permission to read tags, roles are derived from redrive policies and targets. */
async function readTags(
  { sqs }: Pick<AwsAccess, 'sqs'>,
  QueueUrl: string,
): Promise<Record<string, string>> {
  try {
    return (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {};
  } catch (error) {
    if (isDenied(error)) {
      return {};
    }
    throw error;
  }
}

const isDenied = (error: unknown) => /AccessDenied/.test(errorCode(error));

const present = (queues: readonly (Queue | undefined)[]) =>
  queues.filter((queue): queue is Queue => queue !== undefined);

/** The buses of these names. */
export function findBuses(
  { eventBridge }: AwsAccess,
  names: readonly string[],
): Promise<readonly Bus[]> {
  return inParallel(names, async (name) => {
    const { Arn = '' } = await eventBridge.send(new DescribeEventBusCommand({ Name: name }));
    return { name, arn: Arn };
  });
}

/** Every rule of these buses, with its targets. */
export async function findRules(
  access: AwsAccess,
  buses: readonly Bus[],
): Promise<readonly BusRule[]> {
  const rules = (await inParallel(buses, ({ name }) => listRules(access, name))).flat();
  const found = await inParallel(rules, async ({ Name: name = '', Arn = '', ...rule }) => {
    const busName = rule.EventBusName ?? '';
    const targets = await listTargets(access, busName, name);
    return (
      targets && {
        name,
        arn: Arn,
        busName,
        pattern: rule.EventPattern,
        description: rule.Description,
        isEnabled: rule.State !== 'DISABLED',
        targets,
      }
    );
  });
  return found.filter((rule) => rule !== undefined);
}

async function listRules({ eventBridge }: AwsAccess, EventBusName: string): Promise<Rule[]> {
  const found: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await eventBridge.send(new ListRulesCommand({ EventBusName, NextToken }));
    found.push(...(page.Rules ?? []).map((rule) => ({ ...rule, EventBusName })));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/**
 * The targets of a rule; undefined if the rule was deleted since it was listed, as the rules of `fanout tail`
 * are.
 */
async function listTargets(
  { eventBridge }: AwsAccess,
  EventBusName: string,
  Rule: string,
): Promise<Target[] | undefined> {
  const found: Target[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await eventBridge.send(
        new ListTargetsByRuleCommand({ EventBusName, Rule, NextToken }),
      );
      found.push(...(page.Targets ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}
