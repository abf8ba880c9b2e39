import {
  type EventSourceMappingConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import type { AwsAccess } from '../aws/connect.ts';
import { inParallel } from '../aws/in-parallel.ts';
import { type Finding, findingsOn } from './finding.ts';

/** A function, and from which queues it is fed. */
export interface FunctionLook {
  readonly name: string;
  /** `Active`, `Pending`, `Inactive` (for want of calls) or `Failed`. */
  readonly state: string;
  /** `Successful`, `InProgress` or `Failed`. */
  readonly lastUpdate: string;
  readonly feeds: readonly Feed[];
}

/** An event source mapping: what makes a queue's messages into calls. */
interface Feed {
  readonly queueArn: string;
  /** `Enabled`, `Disabled`, or changing to one of them. */
  readonly state: string;
}

/** Looks at the functions of these names. */
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

/** The functions, consumers' and others. */
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
