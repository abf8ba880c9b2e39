/** The account and Region of the resources. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** The name of the bus that every account has. */
export const defaultBus = 'default';

/** Builds and parses the ARNs of EventBridge's resources. */
export class Arns {
  readonly #prefix: string;

  constructor({ region, accountId }: Place) {
    this.#prefix = `arn:aws:events:${region}:${accountId}:`;
  }

  bus(name: string): string {
    return `${this.#prefix}event-bus/${name}`;
  }

  rule(bus: string, name: string): string {
    return `${this.#prefix}rule/${bus === defaultBus ? '' : `${bus}/`}${name}`;
  }

  of(type: 'archive' | 'replay' | 'connection' | 'api-destination', id: string): string {
    return `${this.#prefix}${type}/${id}`;
  }

  /** The part of an ARN after the resource type; undefined for another type or account. */
  idIn(arn: string, type: string): string | undefined {
    const prefix = `${this.#prefix}${type}/`;
    return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
  }

  /**
   * The name of a bus that is given by name or ARN. The ARN of another account or Region is
   * returned unchanged; it names no bus here.
   */
  busName(nameOrArn: string | undefined): string {
    if (nameOrArn === undefined) {
      return defaultBus;
    }
    return this.idIn(nameOrArn, 'event-bus') ?? nameOrArn;
  }
}

/** What a rule can deliver to in this run. */
type TargetKind = 'queue' | 'function' | 'bus' | 'api-destination';

const targets: readonly (readonly [RegExp, TargetKind])[] = [
  [/^arn:[\w-]+:sqs:[\w-]+:\d+:[\w.-]+$/, 'queue'],
  [/^arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w:$-]+$/, 'function'],
  [/^arn:[\w-]+:events:[\w-]+:\d+:event-bus\/[\w./-]+$/, 'bus'],
  [/^arn:[\w-]+:events:[\w-]+:\d+:api-destination\/[\w.-]+\/[\w-]+$/, 'api-destination'],
];

/** The kind of a target by its ARN; undefined for an unsupported target. */
export function kindOfTarget(arn: string): TargetKind | undefined {
  return targets.find(([shape]) => shape.test(arn))?.[1];
}
