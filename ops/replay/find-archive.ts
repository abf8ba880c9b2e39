import { ListArchivesCommand } from '@aws-sdk/client-eventbridge';
import { readArn } from '../aws/arn.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Bus, Pipeline } from '../aws/pipeline.ts';

/**
 * The archive of a bus, as its ARN: the one that is named, else the stack's own, else the only one.
 *
 * @throws when there is none, or when it is not clear which
 */
export async function findArchive(
  { eventBridge }: Pick<AwsAccess, 'eventBridge'>,
  bus: Bus,
  { archives }: Pick<Pipeline, 'archives'>,
  given?: string,
): Promise<string> {
  const { Archives = [] } = await eventBridge.send(
    new ListArchivesCommand({ EventSourceArn: bus.arn }),
  );
  const names = Archives.flatMap(({ ArchiveName }) => ArchiveName ?? []);
  const own = names.filter((name) => archives.includes(name));
  const wanted = given === undefined ? own : names.filter((name) => name === given);
  const [only, another] = wanted.length > 0 || given !== undefined ? wanted : names;
  if (only !== undefined && another === undefined) {
    const { region, account } = readArn(bus.arn) ?? {};
    const partition = bus.arn.split(':')[1];
    return `arn:${partition}:events:${region}:${account}:archive/${only}`;
  }
  if (names.length === 0) {
    throw new Error(`The bus ${bus.name} has no archive, so that nothing can be replayed from it.`);
  }
  throw new Error(`Name one of the archives of ${bus.name} with --archive: ${names.join(', ')}.`);
}
