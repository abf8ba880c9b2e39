import { type AwsAccess, connect } from '../aws/connect.ts';
import type { ConnectionOptions } from '../aws/connection.ts';
import { explainError } from '../aws/explain-error.ts';
import { findOnlyStack, listResources } from '../aws/find-pipeline.ts';
import { StateReader } from './state-reader.ts';

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
    await work(new StateReader(access.dynamoDb, await findStateTable(access)));
  } catch (error) {
    throw explainError(error);
  } finally {
    access.close();
  }
}

async function findStateTable(access: AwsAccess): Promise<string> {
  const stackName = access.stack ?? (await findOnlyStack(access));
  const tables = (await listResources(access, stackName)).flatMap((resource) =>
    resource.ResourceType === 'AWS::DynamoDB::Table' ? (resource.PhysicalResourceId ?? []) : [],
  );
  const table = tables.find((name) => name.endsWith('-state'));
  if (table !== undefined) return table;
  throw new Error(
    `The stack ${stackName} has no state table: no consumer of it has "keepsState: true".`,
  );
}
