import { createHash } from 'node:crypto';
import { TemplateError } from '../template/template.ts';
import { arnOf } from './lambda-versions.ts';
import type { Properties, ResourceType } from './resource-type.ts';

/** Function URLs have the maximum timeout of a function (Lambda Developer Guide): 15 minutes. */
const timeoutMs = 900_000;

/**
 * AWS::Lambda::Url without IAM, on a separate port. Its events have the same format as those of an
 * HTTP API (Lambda Developer Guide, "Invoking Lambda function URLs"), so an HTTP API serves it
 * here.
 */
export const functionUrl: ResourceType = {
  create(properties, context) {
    const { logicalId, services, region } = context;
    if (properties.AuthType !== 'NONE') {
      throw new TemplateError(
        `${logicalId} (AWS::Lambda::Url)`,
        'asks callers for IAM signatures, which the local run does not check. Use AuthType NONE.',
      );
    }
    const functionArn = arnOf(properties.TargetFunctionArn, context);
    const urlId = createHash('sha256').update(functionArn).digest('hex').slice(0, 32);
    const origin = `https://${urlId}.lambda-url.${region}.on.aws`;
    services.httpApis.set(urlId, {
      apiId: urlId,
      kind: 'function-url',
      name: `${functionArn.split(':').at(-1)} (function URL)`,
      origin,
      integrations: new Map([[logicalId, { functionArn, timeoutMs }]]),
      routes: [{ routeKey: '$default', target: logicalId }],
      stage: { name: '$default', throttle: {}, routeSettings: {}, accessLogFormat: undefined },
      corsConfiguration: properties.Cors as Properties | undefined,
    });
    return {
      ref: functionArn,
      attributes: { FunctionArn: functionArn, FunctionUrl: `${origin}/` },
    };
  },
};
