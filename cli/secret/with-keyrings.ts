import type { Command } from 'commander';
import { KeyringChangeError } from '../../events/keyring/change-keyring.ts';
import type { AwsAccess, ConnectionOptions } from '../../ops/aws/connect.ts';
import { readKeyrings, type StackKeyrings } from '../../ops/stored-keyring.ts';
import { showStep } from '../terminal/progress.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

/** Connects, reads the keyrings of the stack, and does the work; a change that cannot be is a mistake in the call. */
export const withKeyrings = (
  options: ConnectionOptions,
  command: Command,
  work: (opened: StackKeyrings & { readonly access: AwsAccess }) => Promise<void>,
): Promise<void> =>
  withAccess(options, async (access) => {
    try {
      await work({
        access,
        ...(await showStep('Reading the secrets', () => readKeyrings(access))),
      });
    } catch (error) {
      if (error instanceof KeyringChangeError) {
        command.error(`error: ${error.message}`);
      }
      throw error;
    }
  });
