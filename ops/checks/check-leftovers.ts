import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { removeStaleRules } from '../replay/temporary-rule.ts';
import { removeLeftovers } from '../tail/remove-leftovers.ts';
import type { Finding } from './finding.ts';

/** Removes what killed commands have left on the bus. */
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
