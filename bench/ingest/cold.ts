import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundledCode } from '../functions/bundle-functions.ts';
import { functionEnvironment } from '../process/function-environment.ts';
import { nextAnswer } from '../process/next-answer.ts';
import type { Stub } from '../process/start-stub.ts';
import { type Summary, summarize } from '../statistics/summary.ts';
import { signingSecret } from '../webhooks/signing-secret.ts';
import { webhookOfSize } from '../webhooks/webhook-of-size.ts';
import { webhookRequest } from '../webhooks/webhook-request.ts';
import { ingestSubjects } from './subjects.ts';

/** What starts cold. */
export const coldNames = [
  'empty',
  'ours',
  'ours, compiled before',
  'usual stack',
  'powertools',
  'quick start',
] as const;

/** The name of what starts. */
export type ColdName = (typeof coldNames)[number];

/** One start, told by cold-start.mjs. */
interface ColdStart {
  readonly loadedMs: number;
  readonly answeredMs: number;
  readonly cpuMs: number;
  readonly nodeModules: number;
}

/** What was measured of one function's starts. */
export interface ColdSummary {
  /** From the start of the process until the code is loaded. */
  readonly loadedMs: Summary;
  /** From the start of the process until the first answer. */
  readonly answeredMs: Summary;
  readonly cpuMs: Summary;
  /** How many of Node's own modules were loaded then; the same at each start. */
  readonly nodeModules: number;
}

/** Cold starts by what started. */
export type ColdResult = Readonly<Record<ColdName, ColdSummary>>;

/** Starts each function in new processes, in turns. */
export async function measureColdIngest<Name extends ColdName = ColdName>(
  code: Readonly<Record<string, BundledCode>>,
  stub: Stub,
  { rounds }: { readonly rounds: number },
  names: readonly Name[] = coldNames as readonly ColdName[] as readonly Name[],
): Promise<Readonly<Record<Name, ColdSummary>>> {
  const subjects = ingestSubjects();
  const starts = new Map<Name, ColdStart[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const [part, environment] = subjectOf(name, subjects);
      const { directory } = code[part] as BundledCode;
      const start = await startOnce(
        directory,
        functionEnvironment(directory, stub.endpoint, environment(directory)),
      );
      // The first round reads the files from the disk; later ones, as on a warm host, from memory.
      if (round > 0) starts.get(name)?.push(start);
    }
  }
  return Object.fromEntries([...starts].map(([name, all]) => [name, summaryOf(all)])) as Record<
    Name,
    ColdSummary
  >;
}

/** Which code starts, and with what environment, by its directory. */
function subjectOf(
  name: ColdName,
  { ours, ...others }: ReturnType<typeof ingestSubjects>,
): [code: string, environment: (directory: string) => Readonly<Record<string, string>>] {
  switch (name) {
    case 'empty':
      return ['empty', () => ({})];
    case 'ours':
      return [ours.code, () => ours.environment];
    case 'ours, compiled before':
      // The first round fills the cache; Node writes it when a process ends (Node.js, "Module compile cache").
      return [
        ours.code,
        (directory) => ({ ...ours.environment, NODE_COMPILE_CACHE: join(directory, 'compiled') }),
      ];
    default:
      return [others[name].code, () => others[name].environment];
  }
}

function summaryOf(starts: readonly ColdStart[]): ColdSummary {
  return {
    loadedMs: summarize(starts.map(({ loadedMs }) => loadedMs)),
    answeredMs: summarize(starts.map(({ answeredMs }) => answeredMs)),
    cpuMs: summarize(starts.map(({ cpuMs }) => cpuMs)),
    nodeModules: starts[0]?.nodeModules ?? Number.NaN,
  };
}

async function startOnce(directory: string, env: Record<string, string>): Promise<ColdStart> {
  const file = join(directory, 'event.json');
  const body = webhookOfSize(2_048);
  const signature = createHmac('sha512', signingSecret).update(body).digest('hex');
  writeFileSync(file, JSON.stringify(webhookRequest(body, signature, 'bench-request')));
  const script = fileURLToPath(new URL('../process/cold-start.mjs', import.meta.url));
  const child = fork(script, [file], {
    env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-4_000);
  });
  const ended = once(child, 'exit');
  const told = await nextAnswer(child, () => complaint);
  await ended;
  return told as unknown as ColdStart;
}
