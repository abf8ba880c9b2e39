import type { LocalServices } from '../local-services.ts';
import type { CreatedResource } from '../template/resolve.ts';

/** What creating a resource may look at, besides its own properties. */
export interface ResourceContext {
  readonly logicalId: string;
  readonly stackName: string;
  readonly services: LocalServices;
  readonly region: string;
  readonly accountId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Directory of each asset by its name in S3. */
  readonly assets: ReadonlyMap<string, string>;
  /** The environment variables of the person who starts the run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A resource's properties, intrinsics resolved; their shape is the template author's promise. */
export type Properties = Readonly<Record<string, unknown>>;

/** How one CloudFormation resource type comes to be on this machine. */
export interface ResourceType {
  /** Creates the resource, or changes it to these properties if it is there from an earlier start. */
  create(
    properties: Properties,
    context: ResourceContext,
  ): CreatedResource | Promise<CreatedResource>;
  /**
   * Removes what an earlier template made and the present one does not have. A reason as the answer
   * means that it is kept for now, because it holds what must not be lost.
   *
   * @default - there is nothing to remove
   */
  remove?(
    ref: string,
    context: RemovalContext,
  ): string | undefined | Promise<string | undefined> | Promise<void>;
}

/** What removing a resource may look at. */
export type RemovalContext = Pick<ResourceContext, 'services' | 'region' | 'accountId'>;

/**
 * The physical name of a resource that the template gives none: CloudFormation adds a random part;
 * here it is the same at each start, so that what the resource holds is found again.
 */
export function physicalName({ stackName, logicalId }: ResourceContext, maxLength: number): string {
  const name = `${stackName}-${logicalId}`;
  return name.length <= maxLength ? name : name.slice(-maxLength).replace(/^[^A-Za-z0-9]+/, '');
}
