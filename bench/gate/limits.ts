/** Something that must not grow unnoticed, and does not depend on how fast the machine is. */
export interface Limit {
  readonly title: string;
  readonly atMost: number;
  readonly reason: string;
}

/**
 * What `npm run bench:gate` holds the project to in CI. Whoever raises a number says why in the commit.
 * Ratios are of CPU times in one run, with room for a machine that does other things meanwhile; what the
 * project wants to reach stands in docs/benchmarks.md.
 */
export const limits = {
  ingestBytes: {
    title: 'bytes of the ingest bundle',
    atMost: 480_000,
    reason:
      'Reading and compiling the bundle is the largest part of a cold start. Four clients of the AWS SDK are 260 KB of it.',
  },
  republishBytes: {
    title: 'bytes of the republish bundle',
    atMost: 230_000,
    reason: 'It calls one API of AWS and needs nothing of the catalog; the client is 180 KB.',
  },
  consumerBytes: {
    title: 'bytes of the largest consumer bundle',
    atMost: 380_000,
    reason:
      'A consumer that imports the catalog at run time drags the validator in: 200 KB more were measured.',
  },
  coldModules: {
    title: "Node's own modules that ingest loads until its first answer, above an empty handler",
    atMost: 110,
    reason: 'Each takes up to a millisecond of a cold start; one import can bring twenty.',
  },
  warmRatio: {
    title: 'warm ingest at 2 KB, default stack, in CPU time of the floor',
    atMost: 14,
    reason: 'Three calls by the AWS SDK instead of one by hand, with room for busy machines.',
  },
  warmRatioWithoutLedger: {
    title: 'warm ingest at 2 KB, without the ledger, in CPU time of the floor',
    atMost: 7,
    reason: 'As above, with one call of AWS instead of three.',
  },
  ruleRatio: {
    title: 'matching an event against 300 rules, in CPU time of one rule',
    atMost: 4,
    reason: 'An index makes them nearly the same; trying rule after rule would be far above.',
  },
} as const satisfies Record<string, Limit>;

/** What is limited. */
export type LimitName = keyof typeof limits;
