import { styleText } from 'node:util';
import type { Command } from 'commander';
import { catalog } from '../../events/catalog.ts';
import { KeyringChangeError } from '../../events/keyring/change-keyring.ts';
import { describeUnknownName } from '../../events/nearest-name.ts';
import type { AwsAccess, ConnectionOptions } from '../../ops/aws/connect.ts';
import { findPipeline, requireWebhookUrl } from '../../ops/aws/find-pipeline.ts';
import { withoutSecrets } from '../../ops/checks/sender-webhooks.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import {
  awaitFirstEvent,
  type FirstEvent,
  planWahaConnection,
  recommendedEvents,
  type WahaPlan,
} from '../../ops/senders/connect-waha.ts';
import { WahaError, WahaServer } from '../../ops/senders/waha-server.ts';
import { newestSecret, type StackKeyrings } from '../../ops/stored-keyring.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { showStep } from '../terminal/progress.ts';
import { wrap } from '../terminal/table.ts';
import { withKeyrings } from './secret.ts';

interface ConnectWahaOptions extends ConnectionOptions {
  readonly apiKey?: string;
  readonly session: string;
  readonly events?: readonly string[];
  readonly webhookUrl?: string;
  readonly docker?: boolean;
  readonly sender?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly check: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `fanout connect waha`: adds a webhook to a session, reports the changes, and checks it. */
export function connectWaha(
  url: string,
  options: ConnectWahaOptions,
  command: Command,
): Promise<void> {
  const events = eventsOf(options, command);
  return withKeyrings(options, command, async ({ access, ...stack }) => {
    const server = new WahaServer(url, options.apiKey);
    const { webhookUrl, key } = await whereTo(access, stack, options);
    const session = await showStep('Reading the session', () => server.session(options.session));
    const plan = planWahaConnection(session, { webhookUrl, key, events });
    const print = options.json ? () => {} : (text: string) => console.log(text);
    print(describePlan(plan, url, options));
    if (options.dryRun) {
      if (options.json) {
        console.log(printableJson({ ...toRecord(plan, options), dryRun: true }));
      }
      return;
    }
    if (!options.check) {
      await showStep('Writing the session', () => write(server, plan, options.session));
      print(plan.changes.length > 0 ? 'Written.' : '');
      if (options.json) {
        console.log(printableJson(toRecord(plan, options)));
      }
      return;
    }
    const first = await check(access, server, plan, options);
    if (options.json) {
      console.log(printableJson({ ...toRecord(plan, options), firstEvent: first ?? null }));
    } else if (first) {
      print(`${styleText('green', 'Connected')}: ${printable(first.type)} arrived on the bus.`);
    }
    if (!first && process.exitCode === undefined) {
      process.exitCode = exitStatus.failed;
      console.error(`fanout: ${describeSilence(webhookUrl, access, options)}`);
    }
  });
}

/** The URL that the session posts to, and its signing key. */
async function whereTo(access: AwsAccess, stack: StackKeyrings, options: ConnectWahaOptions) {
  const { sender, settings, secret } = newestSecret(stack, 'hmac', options.sender);
  if ((settings.algorithm ?? 'sha512') !== 'sha512' || settings.header !== undefined) {
    throw new KeyringChangeError(
      `The sender "${sender}" does not sign as WAHA does (SHA-512 in x-webhook-hmac). Choose another with --sender.`,
    );
  }
  const url = new URL(options.webhookUrl ?? (await requireWebhookUrl(access, stack.stackName)));
  if (options.docker) {
    url.hostname = 'host.docker.internal';
  }
  return { webhookUrl: url.href, key: secret.value };
}

function eventsOf({ events }: ConnectWahaOptions, command: Command): readonly string[] | undefined {
  if (events?.length === 1 && events[0] === 'recommended') {
    return recommendedEvents;
  }
  const unknown = events?.find((name) => name !== '*' && !Object.hasOwn(catalog, name));
  if (unknown !== undefined) {
    command.error(
      `error: ${describeUnknownName('event type', printable(unknown), Object.keys(catalog))}`,
    );
  }
  return events;
}

/** Writes the configuration if it changes, and makes sure that the session runs. */
async function write(server: WahaServer, plan: WahaPlan, session: string): Promise<void> {
  if (plan.status === undefined) {
    await server.create(session, plan.config);
  } else if (plan.changes.length > 0) {
    await server.update(session, plan.config);
  }
}

/** Writes the session and waits for its first event: a session that starts reports its status. */
async function check(
  access: AwsAccess,
  server: WahaServer,
  plan: WahaPlan,
  options: ConnectWahaOptions,
): Promise<FirstEvent | undefined> {
  const pipeline = await showStep('Reading the stack', () => findPipeline(access));
  const interruption = listenForInterruption();
  try {
    return await showStep('Waiting for a first event', () =>
      awaitFirstEvent(access, pipeline, {
        session: options.session,
        timeoutMs: options.timeout,
        signal: interruption.signal,
        async trigger() {
          await write(server, plan, options.session);
          if (plan.status === 'STOPPED') {
            await server.start(options.session);
          } else if (plan.status !== undefined && plan.changes.length === 0) {
            await server.restart(options.session);
          }
        },
      }),
    );
  } catch (error) {
    // WAHA's message quotes the request, but no secret. An older version does not know every event.
    if (error instanceof WahaError && (error.status === 400 || error.status === 422)) {
      throw new WahaError(
        `${error.message} If it does not know an event, choose events with --events.`,
        error.status,
        error,
      );
    }
    throw error;
  } finally {
    interruption.release();
    if (interruption.signal.aborted) {
      process.exitCode = exitStatus.interrupted;
    }
  }
}

function describePlan(plan: WahaPlan, url: string, options: ConnectWahaOptions): string {
  const { status, changes, kept } = plan;
  const title = `Session ${printable(options.session)} at ${printable(withoutSecrets(url))}`;
  const width = Math.max(0, ...changes.map(({ setting }) => setting.length));
  return [
    `${title} (${status === undefined ? 'is created and started' : printable(status, 40)})`,
    ...changes.map(({ setting, before, after }) =>
      wrap(
        `  ${setting.padEnd(width)}  ${printable(before, 400)} → ${printable(after, 1_000)}`,
        width + 4,
      ),
    ),
    ...(changes.length === 0
      ? ['  Its webhook is already configured correctly: nothing to change.']
      : []),
    ...(kept.length > 0 ? [wrap(`  kept: ${printable(kept.join(', '), 400)}`, 8)] : []),
  ].join('\n');
}

/** Without the configuration, which contains the key. */
const toRecord = ({ status, changes, kept }: WahaPlan, { session }: ConnectWahaOptions) => ({
  session,
  status: status ?? null,
  changes,
  kept,
});

/** Possible reasons why no event arrives, in one or two sentences. */
function describeSilence(
  webhookUrl: string,
  { isLocal }: AwsAccess,
  { timeout, docker }: ConnectWahaOptions,
): string {
  const { hostname } = new URL(webhookUrl);
  const isLoopback = /^(localhost|127\.|\[::1\])/.test(hostname);
  const advice =
    isLoopback && !docker
      ? 'If WAHA runs in a container, this address is the container itself: add --docker.'
      : docker
        ? 'On Linux the container needs extra_hosts: ["host.docker.internal:host-gateway"], and the local run --host 0.0.0.0.'
        : 'WAHA must be able to reach it from where it runs.';
  const look = isLocal
    ? 'The local run prints each request that it refuses, with the reason.'
    : 'The log of ingest has each request that it refuses, with the reason.';
  return `No event arrived within ${timeout / 1_000} s from ${withoutSecrets(webhookUrl)}. ${advice} ${look}`;
}

interface ConnectWawpOptions extends ConnectionOptions {
  readonly webhookUrl?: string;
  readonly sender?: string;
  readonly json?: boolean;
}

/** `fanout connect wawp`: prints the webhook URL for Wawp. Wawp has no API to configure a signing key. */
export function connectWawp(options: ConnectWawpOptions, command: Command): Promise<void> {
  return withKeyrings(options, command, async ({ access, keyrings, stackName }) => {
    const { sender, settings, secret } = newestSecret(
      { keyrings, stackName },
      'secret',
      options.sender,
    );
    if (settings.header !== undefined) {
      throw new KeyringChangeError(
        `The sender "${sender}" sends its secret in the header ${settings.header}, not in the URL.`,
      );
    }
    const url = new URL(options.webhookUrl ?? (await requireWebhookUrl(access, stackName)));
    url.searchParams.set('secret', secret.value);
    console.log(
      options.json
        ? JSON.stringify({ sender, id: secret.id, url: url.href })
        : `The webhook URL for Wawp, with the secret ${secret.id} of ${sender}:\n\n  ${url.href}\n\nPaste it into the webhooks of the instance in Wawp (docs/start/wawp.md).`,
    );
  });
}
