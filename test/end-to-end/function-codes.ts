import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from '@event-fanout/local-aws/assembly';

/** The code of each function of an assembly, by the function's name. */
export function readCodes(assembly: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const { template, assets } of readAssembly(assembly)) {
    for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function') {
        continue;
      }
      const { S3Key } = Properties.Code as { S3Key: string };
      const code = readFileSync(join(assets.get(S3Key) ?? '', 'index.mjs'));
      found.set(String(Properties.FunctionName), code);
    }
  }
  return found;
}

/** Those that are no part of the pipeline itself. */
export const consumersOf = (codes: ReadonlyMap<string, Buffer>) =>
  [...codes].filter(([name]) => !/-(ingest|republish)$/.test(name));

/** What each of AWS's services is called by in the code of its client. */
export const services = {
  bus: 'AWSEvents',
  queues: 'AmazonSQS',
  tables: 'DynamoDB_20120810',
  secrets: 'secretsmanager',
} as const;

/** Which of AWS's services a function's code has the client of. */
export const servicesIn = (code: Buffer | undefined) =>
  Object.entries(services).flatMap(([name, mark]) => (code?.includes(mark) ? [name] : []));
