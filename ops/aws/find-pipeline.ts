import {
  DescribeStacksCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { busNameOf, stackNameOf } from '../../events/names.ts';
import type { AwsAccess } from './connect.ts';
import { findBuses, findQueuesByArn, findQueuesByUrl, findRules } from './find-rules.ts';
import { type BusRule, type Pipeline, type Queue, redrivePolicyOf } from './pipeline.ts';

/**
 * Finds a stack's buses and queues, and the queues that users have attached to the buses by rules.
 *
 * @throws when no stack is named and there is more than one, or when the named one does not exist
 */
export async function findPipeline(access: AwsAccess): Promise<Pipeline> {
  const stackName = access.stack ?? (await findOnlyStack(access));
  const resources = await listResources(access, stackName);
  const buses = await findBuses(access, busNamesIn(resources));
  const [rules, own] = await Promise.all([
    findRules(access, buses),
    findQueuesByUrl(access, idsOf(resources, 'AWS::SQS::Queue')),
  ]);
  const attached = await findQueuesByArn(access, missing(own, queueArnsOf(rules)));
  const deadLetterArns = [...own, ...attached].flatMap((queue) => {
    const policy = redrivePolicyOf(queue);
    return policy ? [policy.deadLetterArn] : [];
  });
  const further = await findQueuesByArn(access, missing([...own, ...attached], deadLetterArns));
  return {
    stackName,
    buses,
    rules,
    queues: [...own, ...attached, ...further],
    archives: idsOf(resources, 'AWS::Events::Archive'),
    functions: idsOf(resources, 'AWS::Lambda::Function'),
  };
}

/**
 * The name of the only stack, or of the only one that has an endpoint for webhooks: other apps may run beside
 * the pipeline. Throws when there is none or more than one.
 */
export async function findOnlyStack({ cloudFormation }: AwsAccess): Promise<string> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  const names = Stacks.flatMap(({ StackName }) => StackName ?? []);
  const withEndpoint = Stacks.filter(({ Outputs = [] }) =>
    Outputs.some(({ OutputKey = '' }) => OutputKey.endsWith('WebhookUrl')),
  ).flatMap(({ StackName }) => StackName ?? []);
  const [only] = names.length === 1 ? names : withEndpoint.length === 1 ? withEndpoint : [];
  if (only !== undefined) {
    return only;
  }
  throw new Error(
    names.length === 0
      ? 'There is no stack. Is that endpoint a local run of this project?'
      : `There are several stacks. Name one with --stack: ${names.join(', ')}.`,
  );
}

/** All resources of a stack. Throws when there is no such stack. */
export async function listResources(
  { cloudFormation: client }: AwsAccess,
  StackName: string,
): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  try {
    for await (const page of paginateListStackResources({ client }, { StackName })) {
      found.push(...(page.StackResourceSummaries ?? []));
    }
  } catch (error) {
    if ((error as Error).name !== 'ValidationError') {
      throw error;
    }
    // The name of a stage is easily mistaken for the name of its stack.
    const advice = /^[a-z][a-z0-9-]{0,19}$/.test(StackName)
      ? `The stack of that stage is ${stackNameOf(StackName)}.`
      : 'Check --stack, --region and --profile.';
    throw new Error(`There is no stack "${StackName}" in this account and region. ${advice}`, {
      cause: error,
    });
  }
  return found;
}

const idsOf = (resources: readonly StackResourceSummary[], type: string) =>
  resources
    .filter(({ ResourceType }) => ResourceType === type)
    .flatMap(({ PhysicalResourceId }) => PhysicalResourceId || []);

/**
 * Names of a stack's buses; if an emulator of CloudFormation does not list them, the name in the
 * stack's parameter.
 */
function busNamesIn(resources: readonly StackResourceSummary[]): string[] {
  const names = idsOf(resources, 'AWS::Events::EventBus');
  if (names.length > 0) {
    return names;
  }
  return idsOf(resources, 'AWS::SSM::Parameter').flatMap((name) => {
    const stage = /^\/whatsapp\/([^/]+)\/bus-name$/.exec(name)?.[1];
    return stage === undefined ? [] : [busNameOf(stage)];
  });
}

const queueArnsOf = (rules: readonly BusRule[]) =>
  rules
    .flatMap(({ targets }) => targets)
    .flatMap(({ Arn, DeadLetterConfig }) => [Arn ?? '', DeadLetterConfig?.Arn ?? '']);

const missing = (known: readonly Queue[], arns: readonly string[]) => [
  ...new Set(arns.filter((arn) => known.every((queue) => queue.arn !== arn))),
];

/** The outputs of a stack, by their keys. */
export async function outputsOf(
  { cloudFormation }: Pick<AwsAccess, 'cloudFormation'>,
  StackName: string,
): Promise<ReadonlyMap<string, string>> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return new Map(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]),
  );
}

/** The webhook URL, from the stack's outputs; undefined if the stack has no such output. */
export const webhookUrlOf = async (
  access: Pick<AwsAccess, 'cloudFormation'>,
  stackName: string,
): Promise<string | undefined> => (await outputsOf(access, stackName)).get('WebhookUrl');

/**
 * The webhook URL, from the stack's outputs.
 *
 * @throws when the stack has no such output
 */
export async function requireWebhookUrl(
  access: Pick<AwsAccess, 'cloudFormation'>,
  stackName: string,
): Promise<string> {
  const url = await webhookUrlOf(access, stackName);
  if (url !== undefined) {
    return url;
  }
  throw new Error(
    `The stack ${stackName} has no output WebhookUrl. Give the URL with --webhook-url.`,
  );
}
