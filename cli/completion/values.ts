import { catalog, categories } from '../../events/catalog.ts';
import { derived } from '../../events/derived.ts';
import { endRoles } from '../../events/names.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { consumers } from '../../lib/consumers.ts';
import type { Candidate } from './candidates.ts';

const types = (): readonly Candidate[] =>
  [...Object.values(catalog), ...Object.values(derived), unrecognized].map(({ type, summary }) => ({
    value: type,
    description: summary,
  }));

const consumerNames = (): readonly Candidate[] =>
  Object.entries(consumers).map(([name, { summary }]) => ({ value: name, description: summary }));

const none = { value: '', description: '' };

const endQueues = (): readonly Candidate[] => [
  ...consumerNames(),
  ...endRoles.filter((role) => role !== 'dead-letters').map((value) => ({ ...none, value })),
];

/**
 * What an option or an argument of a name takes, as far as the tables know it. From the tables and
 * not from what runs: a person who has pressed Tab does not wait for AWS.
 */
const providers: Readonly<Record<string, () => readonly Candidate[]>> = {
  type: types,
  event: types,
  category: () => [...categories, unrecognized.category].map((value) => ({ ...none, value })),
  consumer: consumerNames,
  queue: endQueues,
};

/** The values for an option or argument by its name; empty where anything may stand. */
export const valuesFor = (name: string): readonly Candidate[] =>
  Object.hasOwn(providers, name) ? (providers[name]?.() ?? []) : [];
