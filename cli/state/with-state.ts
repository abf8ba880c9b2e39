import type { ConnectionOptions } from '../../ops/aws/connection.ts';
import type { SessionChoice } from '../../ops/state/page.ts';
import { openState, type StateReader } from '../../ops/state/state-reader.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

/** What every command on the state takes. */
export interface StateOptions extends ConnectionOptions, SessionChoice {
  readonly json?: boolean;
}

/** Connects, finds the state table of the stack, and does the work. */
export const withState = (
  options: ConnectionOptions,
  work: (reader: StateReader) => Promise<void>,
): Promise<void> => withAccess(options, async (access) => work(await openState(access)));
