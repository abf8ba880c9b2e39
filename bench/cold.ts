import type { Bundle, Bundles } from './bundles.ts';
import { type Sample, startCold } from './process/function.ts';
import { interleave } from './statistics.ts';
import { prepare, type WarmResult } from './warm.ts';
import { eventFactory } from './webhook.ts';

/** The subjects of the cold-start measurement. */
export const coldNames = [
  'empty',
  'ours',
  'ours without deduplication',
  'floor',
  'usual stack',
  'powertools',
  'quick start',
] as const;

/** From the start of a process to the first answer, by round. */
export type ColdResult = Readonly<Record<(typeof coldNames)[number], readonly Sample[]>>;

/**
 * Starts each subject in new processes, in turns; each must accept one webhook of 2 KB.
 *
 * @param requests the AWS requests of each warm subject, which the floor repeats
 */
export async function measureCold(
  bundles: Bundles,
  endpoint: string,
  requests: WarmResult['requests'],
  rounds: number,
) {
  const nextEvent = eventFactory(2_048);
  const measure = async (name: (typeof coldNames)[number]): Promise<Sample> => {
    const bundle =
      name === 'empty' ? bundles.defaults.empty : prepare(name, bundles, requests[name]);
    const { refused, ...sample } = await startCold(bundle as Bundle, endpoint, nextEvent());
    if (refused) {
      throw new Error(`${name} answered ${JSON.stringify(refused)}`);
    }
    return sample;
  };
  // The first round reads the files from the disk; later ones, as on a warm host, from memory.
  await interleave(coldNames, 1, measure);
  return interleave(coldNames, rounds, measure);
}
