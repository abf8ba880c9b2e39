import type { LocalServices } from '../services.ts';
import type { CreatedResource } from '../template/resolve.ts';

/** The context in which a resource is created, besides its own properties. */
export interface ResourceContext {
  readonly logicalId: string;
  readonly stackName: string;
  readonly services: LocalServices;
  readonly region: string;
  readonly accountId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Directory of each asset by its name in S3. */
  readonly assets: ReadonlyMap<string, string>;
  /** The environment variables of the local run's process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A resource's properties, intrinsics resolved; their types are not checked. */
export type Properties = Readonly<Record<string, unknown>>;

/** The local implementation of one CloudFormation resource type. */
export interface ResourceType {
  /** Creates the resource, or updates it to these properties if it exists from an earlier start. */
  create(
    properties: Properties,
    context: ResourceContext,
  ): CreatedResource | Promise<CreatedResource>;
  /**
   * Removes a resource that an earlier template created and the present one does not have. A
   * returned reason means that it is kept for now, because its content must not be lost.
   *
   * @default - nothing is removed
   */
  remove?(
    ref: string,
    context: RemovalContext,
  ): string | undefined | Promise<string | undefined> | Promise<void>;
}

/** The context in which a resource is removed. */
type RemovalContext = Pick<ResourceContext, 'services' | 'region' | 'accountId'>;

/**
 * The physical name of a resource without a name in the template. CloudFormation adds a random
 * part; here the name is the same at each start, so that the resource's content is found again.
 */
export function physicalName({ stackName, logicalId }: ResourceContext, maxLength: number): string {
  const name = `${stackName}-${logicalId}`;
  return name.length <= maxLength ? name : name.slice(-maxLength).replace(/^[^A-Za-z0-9]+/, '');
}

/** The ARN of a function that is given by name or by ARN, with or without a version. */
export function functionArnOf(nameOrArn: unknown, { region, accountId }: ResourceContext): string {
  const given = String(nameOrArn);
  const [arn] = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+/.exec(given) ?? [];
  return arn ?? `arn:aws:lambda:${region}:${accountId}:function:${given.split(':')[0]}`;
}
