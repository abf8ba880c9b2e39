import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from './connect.ts';

/** Where senders post to, by the stack's output; undefined for a stack that does not say it. */
export async function webhookUrlOf(
  { cloudFormation }: Pick<AwsAccess, 'cloudFormation'>,
  StackName: string,
): Promise<string | undefined> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'WebhookUrl')?.OutputValue;
}
