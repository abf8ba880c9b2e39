import type { Target } from '@aws-sdk/client-eventbridge';
import { busNameOf, stackNameOf } from '../../events/names.ts';

/** A queue with its attributes. */
export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** As GetQueueAttributes returns them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A rule of one of the stack's buses, in or outside the stack. */
export interface BusRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** JSON; undefined for a rule with a schedule. */
  readonly pattern: string | undefined;
  readonly description: string | undefined;
  readonly isEnabled: boolean;
  readonly targets: readonly Target[];
}

/** A bus of the stack. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
}

/** The deployed pipeline: a stack's buses and queues, and what users have attached to the buses. */
export interface Pipeline {
  readonly stackName: string;
  readonly buses: readonly Bus[];
  readonly rules: readonly BusRule[];
  readonly queues: readonly Queue[];
  /** Names of the stack's own archives. */
  readonly archives: readonly string[];
  /** Names of the stack's functions. */
  readonly functions: readonly string[];
}

/** The redrive policy of a queue; undefined if it has none. */
export function redrivePolicyOf(
  queue: Queue,
): { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(
      queue.attributes.RedrivePolicy ?? '',
    ) as Record<string, unknown>;
    if (typeof deadLetterTargetArn !== 'string') {
      return undefined;
    }
    return { deadLetterArn: deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
  } catch {
    return undefined;
  }
}

/** The name of a queue or function without the prefix of its stack, `whatsapp-<stage>-`. */
export function shortName(name: string, stackName: string): string {
  const before = stackNameOf('');
  const prefix = stackName.startsWith(before)
    ? `${busNameOf(stackName.slice(before.length))}-`
    : undefined;
  return prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
