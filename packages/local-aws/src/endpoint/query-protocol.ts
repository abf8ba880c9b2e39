import { AwsError } from '../aws-service.ts';
import type { AwsResponse, Protocol } from './aws-endpoint.ts';
import { tag, xmlDocument } from './xml.ts';

/** One action of the AWS query protocol: form parameters in, the XML inside its result out. */
export type QueryAction = (parameters: URLSearchParams) => string;

/** A service of the query protocol. */
export interface QueryService {
  readonly namespace: string;
  readonly actions: Readonly<Record<string, QueryAction>>;
}

/** The AWS query protocol: a form with `Action=...` in, XML out. STS and CloudFormation speak it. */
export function queryProtocol(services: Readonly<Record<string, QueryService>>): Protocol {
  return async ({ service = '', headers, body }) => {
    if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
    const known = Object.hasOwn(services, service) ? services[service] : undefined;
    if (!known) return undefined;
    const parameters = new URLSearchParams(body.toString('utf8'));
    const name = parameters.get('Action') ?? '';
    const action = Object.hasOwn(known.actions, name) ? known.actions[name] : undefined;
    try {
      if (!action)
        throw new AwsError('InvalidAction', `The action ${name.slice(0, 100)} is not valid here.`);
      const result = tag(`${name}Result`, action(parameters), { raw: true });
      return xml(200, xmlDocument(`${name}Response`, result, known.namespace));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const inner = tag('Type', 'Sender') + tag('Code', error.code) + tag('Message', error.message);
      return xml(
        error.statusCode,
        xmlDocument('ErrorResponse', tag('Error', inner, { raw: true }), known.namespace),
      );
    }
  };
}

const xml = (status: number, body: string): AwsResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});
