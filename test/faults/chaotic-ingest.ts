import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** A call of AWS before or after which ingest is killed. */
export interface Step {
  readonly call: 'acquire' | 'publish' | 'complete';
  readonly when: 'before' | 'after';
}

/** What becomes of a fact, by its id: killed once at one of these steps. */
export type Kills = readonly Step[];

/** Beside the bundle lie the order to kill, and one line for each time that it was done. */
const directory = process.env.LAMBDA_TASK_ROOT ?? '.';
const orderFile = join(directory, 'kills.json');
const killedFile = join(directory, 'killed.log');

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly Key?: { readonly id?: { readonly S?: string } };
    readonly UpdateExpression?: string;
    readonly Entries?: readonly { readonly Detail?: string }[];
  };
}

/** Which call of AWS a command is. */
function callOf({ constructor: { name }, input }: Command): Step['call'] {
  if (name === 'PutEventsCommand') {
    return 'publish';
  }
  return input.UpdateExpression?.includes('list_append') ? 'acquire' : 'complete';
}

/** What a call is about: the fact, as the table or the event names it. */
const subjectOf = ({ input }: Command) =>
  input.Key?.id?.S ?? String(JSON.parse(input.Entries?.[0]?.Detail ?? '{}').meta?.id);

/** The step at which a fact is hit: the same for both types of it. */
const stepFor = (id: string, kills: Kills) =>
  kills[createHash('sha256').update(id).digest().readUInt32BE(0) % kills.length];

/** Kills the process, once for each fact. */
function killOnce(id: string): void {
  const killed = existsSync(killedFile) ? readFileSync(killedFile, 'utf8').split('\n') : [];
  if (killed.includes(id)) {
    return;
  }
  appendFileSync(killedFile, `${id}\n`);
  process.kill(process.pid, 'SIGKILL');
}

for (const { prototype } of [DynamoDBClient, EventBridgeClient]) {
  const send = prototype.send as (command: unknown, ...rest: unknown[]) => Promise<unknown>;
  prototype.send = async function (this: unknown, command: Command, ...rest: unknown[]) {
    const kills = existsSync(orderFile)
      ? (JSON.parse(readFileSync(orderFile, 'utf8')) as Kills)
      : [];
    const id = subjectOf(command);
    const step = stepFor(id, kills);
    const isHere = step !== undefined && callOf(command) === step.call;
    if (isHere && step.when === 'before') {
      killOnce(id);
    }
    const answer = await send.call(this, command, ...rest);
    if (isHere && step.when === 'after') {
      killOnce(id);
    }
    return answer;
  } as never;
}

export const { handler } = await import('../../lambdas/ingest/ingest.ts');
