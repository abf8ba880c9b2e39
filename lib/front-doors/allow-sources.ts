import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The policy of a REST API that only these networks may call; undefined where any may. */
export function allowSources(allowed: string): PolicyDocument | undefined {
  if (allowed === 'any') return undefined;
  const everyRoute = {
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
  };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...everyRoute, effect: Effect.ALLOW }),
      new PolicyStatement({
        ...everyRoute,
        effect: Effect.DENY,
        conditions: { NotIpAddress: { 'aws:SourceIp': allowed.split(',') } },
      }),
    ],
  });
}
