/** The parts of an ARN: `arn:partition:service:region:account:resource`. */
export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Parses an ARN; undefined if the text is not one. */
export function readArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = text.split(':');
  if (arn !== 'arn' || !partition || !service || resource.length === 0) {
    return undefined;
  }
  return { service, region: region ?? '', account: account ?? '', resource: resource.join(':') };
}

/**
 * The last part of an ARN, such as the name of a queue or function. Returns text without colons unchanged.
 */
export const lastPartOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
