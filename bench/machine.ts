import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem, type } from 'node:os';

/** Where and with what it was measured. */
export interface Machine {
  readonly date: string;
  readonly effort: 'full' | 'quick';
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Programs that wanted a core when it began, on average of the last minute. */
  readonly load: number;
  /** Libraries that are compared, with their versions. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What the numbers depend on. */
const libraries = [
  '@aws-lambda-powertools/idempotency',
  '@aws-lambda-powertools/parser',
  '@aws-sdk/client-eventbridge',
  '@middy/core',
  '@middy/validator',
  'ajv',
  'aws-cdk-lib',
  'esbuild',
  'valibot',
  'zod',
] as const;

/** Looks at this machine. */
export function describeMachine(effort: Machine['effort']): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    effort,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${process.arch}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: Object.fromEntries(libraries.map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
