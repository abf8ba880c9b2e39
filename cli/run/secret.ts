import type { Command } from 'commander';
import {
  addSecret,
  addSender,
  KeyringChangeError,
  retireSecret,
} from '../../events/keyring/change-keyring.ts';
import { headerPattern, readSender, type SenderSecrets } from '../../events/keyring/keyring.ts';
import type { AwsAccess, ConnectionOptions } from '../../ops/aws/connect.ts';
import {
  keyringWith,
  readKeyrings,
  type StackKeyrings,
  type StoredKeyring,
  store,
} from '../../ops/stored-keyring.ts';
import { confirmByTyping } from '../terminal/confirm.ts';
import { showStep } from '../terminal/progress.ts';
import {
  type NewSecretOptions,
  newSecret,
  type Proof,
  proofOf,
  schemeOf,
  showOnce,
} from '../terminal/secret-value.ts';
import { formatTable } from '../terminal/table.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

interface CreateOptions extends ConnectionOptions, NewSecretOptions {
  readonly proof: Proof;
  readonly session?: readonly string[];
  readonly header?: string;
  readonly wait: number;
  readonly json?: boolean;
}

/** `fanout secret create`: adds a sender. */
export function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const { proof, session: sessions } = options;
  const scheme = schemeOf(proof);
  const header = options.header?.toLowerCase();
  if (header !== undefined && !headerPattern.test(header)) {
    command.error(`error: "${options.header}" is not the name of a header, such as x-signature`);
  }
  return withKeyrings(options, command, async ({ access, keyrings, stackName }) => {
    const stored = keyrings.find((each) => each.scheme === scheme);
    if (!stored) {
      throw new KeyringChangeError(
        `The stage of ${stackName} does not accept ${proof}. Its setting "authentication" says what it accepts.`,
      );
    }
    if (
      keyrings.some(
        ({ keyring }) => Object.hasOwn(keyring.senders, name) && keyring !== stored.keyring,
      )
    ) {
      throw new KeyringChangeError(`The sender "${name}" already exists, with another proof.`);
    }
    const secret = await newSecret(options, command);
    const sender: SenderSecrets = {
      ...(proof === 'hmac-sha256' && { algorithm: 'sha256' as const }),
      ...(header !== undefined && { header }),
      ...(sessions && { sessions }),
      secrets: [secret],
    };
    const keyring = addSender(stored.keyring, name, readSender(sender, name, scheme));
    await store(access, stored, keyring);
    await showOnce({ ...options, sender: name, header, secret, waitSeconds: options.wait });
  });
}

interface RotateOptions extends ConnectionOptions, NewSecretOptions {
  readonly wait: number;
  readonly json?: boolean;
}

/** `fanout secret rotate`: adds a second secret; the old one stays accepted. */
export function rotate(name: string, options: RotateOptions, command: Command): Promise<void> {
  return withKeyrings(options, command, async ({ access, keyrings }) => {
    const stored = keyringWith(keyrings, name);
    const secret = await newSecret(options, command);
    await store(access, stored, addSecret(stored.keyring, name, secret));
    const sender = stored.keyring.senders[name] as SenderSecrets;
    const { json, wait: waitSeconds } = options;
    const proof = proofOf(stored.scheme, sender);
    await showOnce({ sender: name, proof, header: sender.header, secret, waitSeconds, json });
    if (json) {
      return;
    }
    console.log(
      `When the sender uses the new one (the metric OlderSecretUsed has no data): fanout secret retire ${name}`,
    );
  });
}

/** `fanout secret list`: shows senders and active secrets, without values. */
export function list(
  options: ConnectionOptions & { readonly json?: boolean },
  command: Command,
): Promise<void> {
  return withKeyrings(options, command, async ({ keyrings, stackName }) => {
    const rows = keyrings.flatMap(rowsOf);
    if (options.json) {
      for (const row of rows) {
        console.log(JSON.stringify(row));
      }
    } else if (rows.length === 0) {
      console.log(`The stack ${stackName} has no senders. Add one: fanout secret create.`);
    } else {
      const header = ['sender', 'proof', 'header', 'sessions', 'secret', 'created', ''];
      console.log(formatTable(header, rows.map(toCells)));
    }
  });
}

function rowsOf({ scheme, keyring }: StoredKeyring) {
  return Object.entries(keyring.senders).flatMap(([sender, each]) =>
    each.secrets.map(({ id, createdAt }, index) => ({
      sender,
      proof: proofOf(scheme, each),
      header: each.header,
      sessions: each.sessions,
      id,
      createdAt,
      isOlder: index < each.secrets.length - 1,
    })),
  );
}

const toCells = (row: ReturnType<typeof rowsOf>[number]) => [
  row.sender,
  row.proof,
  row.header ?? '-',
  row.sessions?.join(', ') ?? 'all',
  row.id,
  row.createdAt ?? '-',
  row.isOlder ? 'retire when unused' : '',
];

interface RetireOptions extends ConnectionOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `fanout secret retire`: webhooks with this secret are refused from now on. */
export function retire(
  name: string,
  id: string | undefined,
  options: RetireOptions,
  command: Command,
): Promise<void> {
  return withKeyrings(options, command, async ({ access, keyrings, stackName }) => {
    const stored = keyringWith(keyrings, name);
    const { keyring, retired, isLast } = retireSecret(stored.keyring, name, id);
    if (!options.yes) {
      if (!process.stdin.isTTY) {
        command.error(
          'error: retire needs a terminal to confirm it. Add --yes to retire from a script.',
        );
      }
      const loss = isLast
        ? ` It is the last secret of ${name}: all of its webhooks will be refused.`
        : '';
      await confirmByTyping(
        name,
        `Webhooks of ${name} with the secret ${retired.id} will be refused in ${stackName}.${loss}`,
      );
    }
    await store(access, stored, keyring);
    if (options.json) {
      console.log(JSON.stringify({ sender: name, id: retired.id, senderIsGone: isLast }));
    } else {
      const gone = isLast ? `, and ${name} with it` : '';
      console.log(
        `${retired.id} is retired${gone}. Running instances stop accepting it within five minutes.`,
      );
    }
  });
}

/**
 * Connects, reads the keyrings of the stack, and calls `work`. A change that is impossible is wrong usage.
 */
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
