import { fileURLToPath } from 'node:url';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import type { BundledCode } from '../functions/bundle-functions.ts';
import { environmentOf } from '../functions/template-environment.ts';
import { type FunctionProcess, startFunction } from '../process/start-function.ts';
import type { Stub } from '../process/start-stub.ts';
import { interleave } from '../statistics/interleaved.ts';
import type { Summary } from '../statistics/summary.ts';
import { batchOfTen } from './batch-of-ten.ts';

const note = {
  kind: 'function',
  summary: 'Notes what it hears',
  hears: ['messages'],
  entry: fileURLToPath(new URL('note.ts', import.meta.url)),
} as const satisfies ConsumerRow;

const environmentFor = (name: string, row: ConsumerRow) =>
  environmentOf(`whatsapp-dev-${name}`, { consumers: { [name]: row } });

/** The consumers that are measured. */
const consumers = {
  'does nothing': { code: 'note', environment: () => environmentFor('note', note) },
  'does nothing, idempotent': {
    code: 'note-once',
    environment: () => environmentFor('note', { ...note, idempotent: true }),
  },
  '`messages`, which keeps state': {
    code: 'messages',
    environment: () => environmentOf('whatsapp-dev-messages', { context: { keepState: 'all' } }),
  },
} as const;

type ConsumerName = keyof typeof consumers;

/** CPU microseconds for a batch of ten. */
export type ConsumersResult = Readonly<Record<ConsumerName, Summary>>;

/** Measures what consumers spend on a batch of ten messages when they are warm. */
export async function measureConsumers(
  code: Readonly<Record<'note' | 'note-once' | 'messages', BundledCode>>,
  { endpoint }: Stub,
  {
    rounds,
    runs,
    warmUp,
  }: { readonly rounds: number; readonly runs: number; readonly warmUp: number },
): Promise<ConsumersResult> {
  const names = Object.keys(consumers) as ConsumerName[];
  const processes = new Map<ConsumerName, FunctionProcess>();
  try {
    const work = batchOfTen();
    for (const name of names) {
      const { code: part, environment } = consumers[name];
      const { directory } = code[part];
      const started = await startFunction({ directory, endpoint, environment: environment() });
      processes.set(name, started);
      await started.measure(work, warmUp);
    }
    return await interleave(names, rounds, (name) =>
      (processes.get(name) as FunctionProcess).measure(work, runs),
    );
  } finally {
    for (const each of processes.values()) each.stop();
  }
}
