import { Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What it takes to have a rule of one's own (EventBridge User Guide, "Permissions for event buses"). */
const ruleActions = [
  'events:PutRule',
  'events:DeleteRule',
  'events:DescribeRule',
  'events:DisableRule',
  'events:EnableRule',
  'events:PutTargets',
  'events:RemoveTargets',
];

/**
 * Lets other accounts, or all of an organization, add rules of their own to a bus. None of them may
 * touch a rule that another account made: a rule's creator is compared with who asks (the same guide,
 * "Send events to the same account and restrict updates").
 *
 * @param sharedWith `none`, or account ids and organization ids with commas between them
 */
export function shareBus(bus: EventBus, busName: string, sharedWith: string): void {
  if (sharedWith === 'none') return;
  const rules = Stack.of(bus).formatArn({ service: 'events', resource: `rule/${busName}/*` });
  for (const id of new Set(sharedWith.split(','))) {
    const isOrganization = id.startsWith('o-');
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: `Rules${id.replaceAll(/[^a-z0-9]/g, '')}`,
        principals: [isOrganization ? new AnyPrincipal() : new AccountPrincipal(id)],
        actions: ruleActions,
        resources: [rules],
        conditions: {
          StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' },
          ...(isOrganization && { StringEquals: { 'aws:PrincipalOrgID': id } }),
        },
      }),
    );
  }
}
