import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/**
 * Copies an assembly so that each function that reads a queue writes the id of each event that it
 * has handled to a file of the operating system, before the message can be deleted: what is in no
 * queue any more must be in that file, whenever a process was killed.
 */
export function witnessAssembly(assembly: string, copy: string, witness: string): void {
  cpSync(assembly, copy, { recursive: true });
  for (const name of readdirSync(copy).filter((each) => each.endsWith('.template.json'))) {
    const path = join(copy, name);
    const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
    const resources = Object.values(template.Resources);
    const consumers = resources
      .filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')
      .map(({ Properties }) => (Properties.FunctionName as { Ref: string }).Ref);
    for (const id of consumers) {
      const { Properties } = template.Resources[id] ?? {};
      if (!Properties || String(Properties.FunctionName).endsWith('-republish')) {
        continue;
      }
      const { Variables = {} } = (Properties.Environment ?? {}) as { Variables?: object };
      Properties.Environment = { Variables: { ...Variables, WITNESS: witness } };
      Properties.Handler = 'witness.handler';
      const key = String((Properties.Code as { S3Key: unknown }).S3Key);
      writeFileSync(join(copy, `asset.${key.replace(/\.zip$/, '')}`, 'witness.mjs'), code);
    }
    writeFileSync(path, JSON.stringify(template));
  }
}

const code = `import { appendFileSync } from 'node:fs';
import { handler as handle } from './index.mjs';
export async function handler(event, context) {
  const result = await handle(event, context);
  const failed = new Set((result?.batchItemFailures ?? []).map((each) => each.itemIdentifier));
  const ids = event.Records.filter(({ messageId }) => !failed.has(messageId))
    .map(({ body }) => JSON.parse(body).detail.meta.id + '\\n');
  if (ids.length > 0) appendFileSync(process.env.WITNESS, ids.join(''));
  return result;
}
`;
