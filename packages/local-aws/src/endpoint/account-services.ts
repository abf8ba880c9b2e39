import { AwsError } from '../aws-service.ts';
import type { CreatedStack } from '../template/create-stack.ts';
import { type QueryService, tag } from './protocols.ts';

/** STS, for tools that first call GetCallerIdentity. */
export function securityTokenService(accountId: string): QueryService {
  return {
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: {
      GetCallerIdentity: () =>
        tag('UserId', 'LOCAL') +
        tag('Account', accountId) +
        tag('Arn', `arn:aws:iam::${accountId}:user/local`),
    },
  };
}

/** The part of CloudFormation that a tool needs to find a stack's queues and outputs. */
export function cloudFormation(
  stacks: () => readonly CreatedStack[],
  region: string,
  accountId: string,
): QueryService {
  const stackId = (name: string) =>
    `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/local`;
  const named = (parameters: URLSearchParams): CreatedStack => {
    const wanted = parameters.get('StackName') ?? '';
    const found = stacks().find(({ name }) => name === wanted || stackId(name) === wanted);
    if (found) {
      return found;
    }
    throw new AwsError('ValidationError', `Stack with id ${wanted.slice(0, 128)} does not exist`);
  };
  const describe = ({ name, outputs }: CreatedStack) =>
    member(
      tag('StackName', name) +
        tag('StackId', stackId(name)) +
        tag('StackStatus', 'CREATE_COMPLETE') +
        tag('CreationTime', new Date(0).toISOString()) +
        list(
          'Outputs',
          Object.entries(outputs).map(
            ([key, value]) => tag('OutputKey', key) + tag('OutputValue', value),
          ),
        ),
    );
  const resources = ({ name, resources }: CreatedStack) =>
    resources.map(
      ({ logicalId, type, ref }) =>
        tag('StackName', name) +
        tag('LogicalResourceId', logicalId) +
        tag('PhysicalResourceId', ref) +
        tag('ResourceType', type) +
        tag('ResourceStatus', 'CREATE_COMPLETE') +
        tag('LastUpdatedTimestamp', new Date(0).toISOString()) +
        tag('Timestamp', new Date(0).toISOString()),
    );
  return {
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    actions: {
      DescribeStacks: (parameters) =>
        tag(
          'Stacks',
          (parameters.has('StackName') ? [named(parameters)] : stacks()).map(describe).join(''),
          { raw: true },
        ),
      GetTemplate: (parameters) =>
        tag('TemplateBody', JSON.stringify(named(parameters).template)) +
        tag('StagesAvailable', tag('member', 'Original'), { raw: true }),
      ListStackResources: (parameters) =>
        list('StackResourceSummaries', resources(named(parameters))),
      DescribeStackResources: (parameters) => list('StackResources', resources(named(parameters))),
    },
  };
}

const member = (content: string) => tag('member', content, { raw: true });

const list = (name: string, members: readonly string[]) =>
  tag(name, members.map(member).join(''), { raw: true });
