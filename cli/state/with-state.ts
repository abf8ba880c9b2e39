import { type AwsAccess, connect } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { findOnlyStack, listResources } from '../../ops/aws/find-pipeline.ts';
import { StateReader } from '../../ops/state/state-reader.ts';
import type { ConnectionOptions } from '../terminal/connection-options.ts';

/** What every command on the state takes. */
export interface StateOptions extends ConnectionOptions {
  /** Name of the session. @default - all */
  readonly session?: string;
  readonly json?: boolean;
}

/** Connects, finds the state table of the stack, and does the work. */
export async function withState(
  options: ConnectionOptions,
  work: (reader: StateReader) => Promise<void>,
): Promise<void> {
  const access = connect(options);
  try {
    const stackName = access.stack ?? (await findOnlyStack(access));
    const table = await findStateTable(access, stackName);
    if (table === undefined) {
      throw new Error(
        `The stack ${stackName} has no state table: none of its consumers keeps state. The setting "keepState" says which do.`,
      );
    }
    await work(new StateReader(access.dynamoDb, table));
  } catch (error) {
    throw explainError(error);
  } finally {
    access.close();
  }
}

/** Name of a stack's state table; undefined when it has none. */
export async function findStateTable(
  access: AwsAccess,
  stackName: string,
): Promise<string | undefined> {
  return (await listResources(access, stackName))
    .flatMap((resource) =>
      resource.ResourceType === 'AWS::DynamoDB::Table' ? (resource.PhysicalResourceId ?? []) : [],
    )
    .find((name) => name.endsWith('-state'));
}
