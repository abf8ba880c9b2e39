import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PermanentError } from '../../lambdas/runtime/classify-error.ts';
import { consume, type Delivery } from '../../lambdas/runtime/consume.ts';

/** How a chaotic consumer behaves; it is read anew for each event. Rates are parts of one. */
export interface Chaos {
  readonly seed: string;
  /** Throws, as when a service is down. */
  readonly throws: number;
  /** Is killed before the effect. */
  readonly killedBefore: number;
  /** Is killed right after the effect. */
  readonly killedAfter: number;
  /** Hangs until it is ended. */
  readonly hangs: number;
  /** Ids for which it throws every time. */
  readonly poison?: readonly string[];
  /** Ids for which it says at once that trying again cannot help. */
  readonly permanent?: readonly string[];
}

/** Beside the bundle lie the behaviour and, one line each, the effects: the ids of events. */
const directory = process.env.LAMBDA_TASK_ROOT ?? '.';
const effects = join(directory, 'effects.log');
const attempts = join(directory, 'attempts.log');

export const handler = consume<'message'>(
  async ({ meta }, delivery) => {
    const chaos = JSON.parse(readFileSync(join(directory, 'chaos.json'), 'utf8')) as Chaos;
    appendFileSync(attempts, `${meta.id}\n`);
    if (chaos.poison?.includes(meta.id)) {
      throw new Error('poison');
    }
    if (chaos.permanent?.includes(meta.id)) {
      throw new PermanentError('never');
    }
    const lot = draw(chaos.seed, meta.id, delivery);
    if (lot.below(chaos.throws)) {
      throw new Error('down');
    }
    if (lot.below(chaos.killedBefore)) {
      process.kill(process.pid, 'SIGKILL');
    }
    if (lot.below(chaos.hangs)) {
      await new Promise(() => setInterval(() => {}, 1_000));
    }
    appendFileSync(effects, `${meta.id}\n`);
    if (lot.below(chaos.killedAfter)) {
      process.kill(process.pid, 'SIGKILL');
    }
  },
  {
    wasDone: async ({ meta }) =>
      existsSync(effects) && readFileSync(effects, 'utf8').includes(meta.id),
  },
);

/** The same for the same seed, event and delivery, so that a run can be repeated. */
function draw(seed: string, id: string, { receiveCount }: Delivery) {
  const digest = createHash('sha256').update(`${seed} ${id} ${receiveCount}`).digest();
  let remaining = digest.readUInt32BE(0) / 2 ** 32;
  return {
    /** Whether the lot falls into the next part of this size. */
    below(part: number): boolean {
      const isHit = remaining < part;
      remaining -= part;
      return isHit && remaining + part >= 0;
    },
  };
}
