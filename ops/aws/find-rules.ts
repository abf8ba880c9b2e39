import {
  DescribeEventBusCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from '@aws-sdk/client-eventbridge';
import type { AwsAccess } from './connect.ts';
import { isMissing } from './explain-error.ts';
import { inParallel } from './in-parallel.ts';
import type { Bus, BusRule } from './pipeline.ts';

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

/** The targets of a rule; undefined when it has gone since it was listed, as those of a tail do. */
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
