import {
  type EventSourceMappingConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import type { AwsAccess } from '../aws/connect.ts';
import { inParallel } from '../aws/in-parallel.ts';
import { type Finding, findingsOn } from './finding.ts';

/** A function, and the queues that it reads. */
export interface FunctionLook {
  readonly name: string;
  /** `Active`, `Pending`, `Inactive` (not invoked for a long time) or `Failed`. */
  readonly state: string;
  /** `Successful`, `InProgress` or `Failed`. */
  readonly lastUpdate: string;
  readonly feeds: readonly Feed[];
}

/** An event source mapping: Lambda invokes the function with messages of a queue. */
interface Feed {
  readonly queueArn: string;
  /** `Enabled`, `Disabled`, or changing to one of them. */
  readonly state: string;
}

/** Reads the states of functions. */
export async function lookAtFunctions(
  { clientSettings }: Pick<AwsAccess, 'clientSettings'>,
  names: readonly string[],
): Promise<readonly FunctionLook[]> {
  const client = new LambdaClient(clientSettings);
  try {
    return await inParallel(names, async (FunctionName) => {
      const [{ State = 'Active', LastUpdateStatus = 'Successful' }, feeds] = await Promise.all([
        client.send(new GetFunctionConfigurationCommand({ FunctionName })),
        listFeeds(client, FunctionName),
      ]);
      return { name: FunctionName, state: State, lastUpdate: LastUpdateStatus, feeds };
    });
  } finally {
    client.destroy();
  }
}

async function listFeeds(client: LambdaClient, FunctionName: string): Promise<readonly Feed[]> {
  const found: EventSourceMappingConfiguration[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, { FunctionName })) {
    found.push(...(page.EventSourceMappings ?? []));
  }
  return found.map(({ EventSourceArn = '', State = 'Enabled' }) => ({
    queueArn: EventSourceArn,
    state: State,
  }));
}

/** Findings on all functions. */
export function checkFunctions(functions: readonly FunctionLook[]): readonly Finding[] {
  return functions.flatMap(({ name, state, lastUpdate, feeds }) => {
    const stopped = feeds.filter((feed) => /^Disabl/.test(feed.state));
    const problems = [
      ...(state === 'Failed' ? ['It cannot run: aws lambda get-function says why.'] : []),
      ...(lastUpdate === 'Failed' ? ['Its last update failed: deploy again.'] : []),
      ...(stopped.length > 0
        ? ['It receives nothing from its queue: enable its event source mapping.']
        : []),
    ];
    return findingsOn('function', name, problems, { state, lastUpdate, stopped: stopped.length });
  });
}
