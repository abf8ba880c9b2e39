import type { AwsAccess } from '../aws/connect.ts';
import type { Letter } from './dead-letter-message.ts';
import type { Destination } from './destination.ts';
import { type Sent, sendToBus, sendToQueue } from './send-messages.ts';

/** A letter, and where it belongs. */
export interface Plan {
  readonly letter: Letter;
  readonly to: Destination;
}

/** Sends letters to where they belong, each home's together. Never throws. */
export async function sendPlans(
  access: Pick<AwsAccess, 'sqs' | 'eventBridge'>,
  plans: readonly Plan[],
): Promise<ReadonlyMap<Letter, Sent>> {
  const results = new Map<Letter, Sent>();
  const homes = Map.groupBy(plans, ({ to }) => (to.kind === 'queue' ? to.url : to.kind));
  await Promise.all(
    [...homes.values()].map(async (group) => {
      const sent = await sendGroup(access, group);
      group.forEach(({ letter }, index) => {
        results.set(letter, sent[index] ?? { error: 'Unconfirmed' });
      });
    }),
  );
  return results;
}

/** What sending would do, without doing it. */
export function pretendToSend(plans: readonly Plan[]): ReadonlyMap<Letter, Sent> {
  return new Map(plans.map(({ letter }) => [letter, { id: '' }]));
}

function sendGroup(
  { sqs, eventBridge }: Pick<AwsAccess, 'sqs' | 'eventBridge'>,
  group: readonly Plan[],
): Promise<Sent[]> | Sent[] {
  const [first] = group;
  switch (first?.to.kind) {
    case 'queue': {
      const entries = group.flatMap(({ to }) => (to.kind === 'queue' ? [to.entry] : []));
      return sendToQueue(sqs, first.to.url, entries);
    }
    case 'bus': {
      const entries = group.flatMap(({ to }) => (to.kind === 'bus' ? [to.entry] : []));
      return sendToBus(eventBridge, entries);
    }
    default:
      return [];
  }
}
