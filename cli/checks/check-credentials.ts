import type { AwsAccess } from '../aws/connect.ts';
import type { Finding } from './finding.ts';

/** Whether there are credentials at all. Whether they are good, the next call shows. */
export async function checkCredentials(
  access: Pick<AwsAccess, 'accessKeyId'>,
): Promise<readonly Finding[]> {
  const about = 'credentials';
  const id = await access.accessKeyId();
  if (id !== undefined) return [{ level: 'ok', about, what: `Those of the access key ${id}.` }];
  return [
    {
      ...{ level: 'error', about, what: 'There are none that can be used.' },
      why: 'No command can look at or change your account.',
      todo: 'Sign in, for example with "aws sso login", or name a profile with --profile.',
    },
  ];
}
