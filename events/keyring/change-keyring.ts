import {
  type Keyring,
  type LiveSecret,
  maxLiveSecrets,
  maxSenders,
  type SenderSecrets,
  senderNamePattern,
} from './keyring.ts';

/** Thrown if a change of a keyring is not possible. Its message contains the reason, and what to do. */
export class KeyringChangeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyringChangeError';
  }
}

/** Adds a sender with its first secret. `keyring` is undefined if there is none yet. */
export function addSender(
  keyring: Keyring | undefined,
  name: string,
  sender: SenderSecrets,
): Keyring {
  const senders = keyring?.senders ?? {};
  if (!senderNamePattern.test(name)) {
    throw new KeyringChangeError(
      `A sender's name is 1 to 40 lower-case letters, digits and hyphens, a letter first; "${name}" is not.`,
    );
  }
  if (Object.hasOwn(senders, name)) {
    throw new KeyringChangeError(
      `There is a sender "${name}" already. To give it a new secret: fanout secret rotate ${name}.`,
    );
  }
  if (Object.keys(senders).length >= maxSenders) {
    throw new KeyringChangeError(`There are already ${maxSenders} senders, which is the maximum.`);
  }
  return { version: 1, senders: { ...senders, [name]: sender } };
}

/** Adds a second secret to a sender. Both are accepted until one is retired. */
export function addSecret(keyring: Keyring, name: string, secret: LiveSecret): Keyring {
  const sender = senderOf(keyring, name);
  const [oldest] = sender.secrets;
  if (sender.secrets.length >= maxLiveSecrets) {
    throw new KeyringChangeError(
      `The sender "${name}" has two live secrets already. When it no longer uses the older one: fanout secret retire ${name} ${oldest?.id}.`,
    );
  }
  return withSender(keyring, name, { ...sender, secrets: [...sender.secrets, secret] });
}

/**
 * Removes a secret of a sender: the named one, or else the older of two. The last secret must be named; the
 * sender is then removed too.
 */
export function retireSecret(
  keyring: Keyring,
  name: string,
  secretId?: string,
): { readonly keyring: Keyring; readonly retired: LiveSecret; readonly isLast: boolean } {
  const sender = senderOf(keyring, name);
  const { secrets } = sender;
  const ids = secrets.map(({ id }) => id).join(', ');
  const retired =
    secretId === undefined
      ? secrets.length > 1 && secrets[0]
      : secrets.find(({ id }) => id === secretId);
  if (!retired) {
    throw new KeyringChangeError(
      secretId === undefined
        ? `"${name}" has one live secret only (${ids}). Rotate it first; or name the secret, and the sender goes with it.`
        : `"${name}" has no live secret "${secretId}". It has: ${ids}.`,
    );
  }
  const remaining = secrets.filter((each) => each !== retired);
  if (remaining.length > 0) {
    const changed = withSender(keyring, name, { ...sender, secrets: remaining });
    return { keyring: changed, retired, isLast: false };
  }
  const { [name]: _, ...senders } = keyring.senders;
  return { keyring: { version: 1, senders }, retired, isLast: true };
}

function senderOf({ senders }: Keyring, name: string): SenderSecrets {
  const sender = Object.hasOwn(senders, name) ? senders[name] : undefined;
  if (sender) {
    return sender;
  }
  throw new KeyringChangeError(
    `There is no sender "${name}". There are: ${Object.keys(senders).join(', ') || 'none'}.`,
  );
}

const withSender = ({ senders }: Keyring, name: string, sender: SenderSecrets): Keyring => ({
  version: 1,
  senders: { ...senders, [name]: sender },
});
