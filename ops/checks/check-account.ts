import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../aws/connect.ts';
import { explainError } from '../aws/explain-error.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { removeStaleRules } from '../replay/temporary-rule.ts';
import { removeLeftovers } from '../tail/tail-queue.ts';
import type { Finding } from './finding.ts';

/** The default name of the stack that `cdk bootstrap` creates. */
const toolkit = 'CDKToolkit';

/**
 * Bootstrap version that templates of aws-cdk-lib 2 require (cloud assembly,
 * `requiresBootstrapStackVersion`).
 */
const leastVersion = 6;

/** Checks whether the account and region are prepared for `cdk deploy`. */
export async function checkBootstrap({
  cloudFormation,
}: Pick<AwsAccess, 'cloudFormation'>): Promise<readonly Finding[]> {
  const about = 'bootstrap';
  const todo = 'npx cdk bootstrap';
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: toolkit }),
    );
    const output = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion');
    if (!output) {
      return [
        {
          ...{ level: 'note', about, what: `The stack ${toolkit} has no version output.` },
          why: `cdk deploy needs version ${leastVersion} or later; an emulator may not report it.`,
        },
      ];
    }
    const version = Number(output.OutputValue);
    if (version >= leastVersion) {
      return [{ level: 'ok', about, what: `The CDK's bootstrap stack has version ${version}.` }];
    }
    return [
      {
        ...{
          level: 'error',
          about,
          what: `The bootstrap stack has version ${output.OutputValue}, older than ${leastVersion}.`,
        },
        ...{ why: 'cdk deploy refuses it.', todo },
      },
    ];
  } catch (error) {
    if ((error as Error).name !== 'ValidationError') {
      throw explainError(error);
    }
    return [
      {
        ...{ level: 'warning', about, what: `There is no stack ${toolkit} in this region.` },
        why: 'cdk deploy needs it, unless yours was bootstrapped under another name.',
        todo,
      },
    ];
  }
}

/** Checks that there are credentials. Whether they are valid is shown by the next call. */
export async function checkCredentials(
  access: Pick<AwsAccess, 'accessKeyId'>,
): Promise<readonly Finding[]> {
  const about = 'credentials';
  const id = await access.accessKeyId();
  if (id !== undefined) {
    return [{ level: 'ok', about, what: `Access key ${id}.` }];
  }
  return [
    {
      ...{ level: 'error', about, what: 'No usable credentials.' },
      why: 'No command can read or change your account.',
      todo: 'Sign in, for example with "aws sso login", or name a profile with --profile.',
    },
  ];
}

/** Removes the rules and queues that killed commands have left on the bus. */
export async function checkLeftovers(
  access: AwsAccess,
  pipeline: Pipeline,
): Promise<readonly Finding[]> {
  const about = 'leftovers';
  const removed = [
    ...(await removeLeftovers(access, pipeline)),
    ...(await removeStaleRules(access, pipeline)),
  ];
  if (removed.length === 0) {
    return [{ level: 'ok', about, what: 'None.' }];
  }
  return [
    {
      ...{ level: 'note', about, what: `Removed: ${removed.join(', ')}.` },
      why: 'A tail or replay was killed; a bus can have 300 rules.',
    },
  ];
}
