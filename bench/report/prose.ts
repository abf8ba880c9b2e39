import { coldShare, waitMs } from '../memory/memory-curve.ts';
import type { Subject } from '../results.ts';

/** What each table is about and how it came about, in the order of the page. */
export const prose: { readonly [S in Subject]: { readonly title: string; readonly text: string } } =
  {
    warm: {
      title: 'Warm ingest',
      text: `The bundle that esbuild makes for Lambda runs in a process of its own, under the local run's copy of
Lambda's runtime. It gets API Gateway events, each a signed webhook with an id of its own, one after the
other, and talks plain HTTP to a stub for AWS in another process, which answers at once. A round is up
to 150 webhooks, after thousands for warming up; three processes of each take turns. Ingest runs with the
environment that the synthesized template gives it.

All of (a) to (d) are written by us from their documentation ([bench/rivals/](../bench/rivals)), bundled with the
same options, and each does its own design's work: (a) is a lower bound, not a design; (b) and (d)
deduplicate nothing; (c) writes twice to DynamoDB for each webhook, and traces every twentieth, as X-Ray's default rule
does; (d) validates nothing. Only ingest normalizes. No TLS anywhere, so all of them are cheaper than in
AWS by about the same. 0.5 KB is an ack; the others are messages whose \`_data\` is a copy of many small fields.`,
    },
    cold: {
      title: 'Cold ingest',
      text: `From the start of a new Node process to the first answer (2 KB), the secret's reading included, in turns. The
process does what Lambda's runtime does, and no more: no micro VM is started and no code is downloaded.
Files are in the page cache. Times depend on what else the machine does; CPU time less so. Why there is no
compile cache in AWS: [decisions/no-compile-cache.md](decisions/no-compile-cache.md).`,
    },
    init: {
      title: 'What ingest spends its start on',
      text: `The same sources, bundled without minification, with a clock read before each source; Node's own modules
are imported first and timed by themselves. Libraries below 0.1 ms are left out.`,
    },
    memory: {
      title: 'Memory of ingest',
      text: `The most that a process had in memory while it took in bodies of one size, one after the other, under V8's
default limits; the largest go on as claim checks. Below it what a memory size makes of the CPU time that was
measured (a webhook of 2 KB, and a cold start): Lambda gives CPU in proportion, one vCPU at 1,769 MB, and
bills by memory and time. Added are ${waitMs} ms of waiting for others, an estimate, and cold starts for ${coldShare * 100} % of the
webhooks; encryption and the price of requests are not in it. \`ingestMemoryMb\` is 512: with less, the largest body
that ingest takes would leave no room, and a cold start would take twice as long, for a few cents in a million.`,
    },
    consumers: {
      title: 'Consumers',
      text: `A batch of ten messages (events of 2 KB webhooks) as Lambda's poller hands it over, warm. An idempotent
consumer writes to DynamoDB before and after each event; \`messages\` keeps chats and messages in the state
table.`,
    },
    normalization: {
      title: 'Normalization and validation',
      text: `CPU time from raw body to envelopes, for each kind's example as WAHA sends it, warm, in one process.`,
    },
    patterns: {
      title: 'Matching rules',
      text: `From an event's JSON to the rules that it matches, in the local bus. One rule hears every message; the others
are of four kinds that people write (session, types, prefix, wildcard) and do not match.`,
    },
    pipeline: {
      title: 'The whole pipeline on one machine',
      text: `\`npm start\`'s pipeline: signed 2 KB webhooks by HTTP over 8 connections, as fast as answers come, through ingest,
bus, archive and queues to functions that note when they begin; times from the request to there. Consumers
beyond three are queues with rules of their own that do not match. A bus has 300 rules: 298 consumers,
the catch-all rule and the archive's. [local.md](local.md) tells of longer runs at a steady rate.`,
    },
    bundles: {
      title: 'Bundles',
      text: `Minified code without source maps, and the share of each library in it (esbuild's metafile).`,
    },
  };
