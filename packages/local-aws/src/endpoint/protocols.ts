import { AwsError, type AwsService, type JsonObject, unknownOperation } from '../aws-service.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { AwsResponse, Protocol } from './aws-endpoint.ts';

/**
 * AWS JSON 1.0 and 1.1: the header `X-Amz-Target: Service.Action`, a JSON object as body.
 *
 * @param services by the target's prefix, for example `AmazonSQS`
 */
export function jsonProtocol(services: ReadonlyMap<string, AwsService>): Protocol {
  return async ({ headers, body, signal }) => {
    const target = headers['x-amz-target'];
    if (typeof target !== 'string') {
      return undefined;
    }
    const dot = target.lastIndexOf('.');
    const service = services.get(target.slice(0, dot));
    if (!service) {
      return undefined;
    }
    const result = await service.call(target.slice(dot + 1), parse(body), signal);
    return {
      status: 200,
      headers: { 'content-type': headers['content-type'] ?? 'application/x-amz-json-1.0' },
      body: JSON.stringify(result),
    };
  };
}

function parse(body: Buffer): JsonObject {
  if (body.length === 0) {
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as JsonObject;
    }
  } catch {
    // Reported below without the text, which may contain secrets.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}

/** Lambda's REST API, as `aws lambda` uses it. */
export function lambdaProtocol(lambda: LambdaService): Protocol {
  return async ({ service, method, url, headers, body }) => {
    if (service !== 'lambda') {
      return undefined;
    }
    const path = url.pathname;
    const response = await lambda.handle({
      method,
      path,
      query: url.searchParams,
      headers,
      body,
    });
    if (!response) {
      throw unknownOperation('Lambda', `${method} ${path}`);
    }
    return response;
  };
}

/** One action of the AWS query protocol: form parameters in, the XML inside its result out. */
type QueryAction = (parameters: URLSearchParams) => string;

/** A service of the query protocol. */
export interface QueryService {
  readonly namespace: string;
  readonly actions: Readonly<Record<string, QueryAction>>;
}

/** The AWS query protocol: a form with `Action=...` in, XML out. STS and CloudFormation speak it. */
export function queryProtocol(services: Readonly<Record<string, QueryService>>): Protocol {
  return async ({ service = '', headers, body }) => {
    if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      return undefined;
    }
    const known = Object.hasOwn(services, service) ? services[service] : undefined;
    if (!known) {
      return undefined;
    }
    const parameters = new URLSearchParams(body.toString('utf8'));
    const name = parameters.get('Action') ?? '';
    const action = Object.hasOwn(known.actions, name) ? known.actions[name] : undefined;
    try {
      if (!action) {
        throw new AwsError('InvalidAction', `The action ${name.slice(0, 100)} is not valid here.`);
      }
      const result = tag(`${name}Result`, action(parameters), { raw: true });
      return xml(200, xmlDocument(`${name}Response`, result, known.namespace));
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
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

/** One XML element. Its content is escaped unless it is `raw`, that is, made of elements itself. */
export function tag(
  name: string,
  content: string | number | boolean,
  { raw = false }: { readonly raw?: boolean } = {},
): string {
  return `<${name}>${raw ? content : escapeXml(String(content))}</${name}>`;
}

/** A complete XML document. */
export function xmlDocument(root: string, inner: string, namespace?: string): string {
  const attribute = namespace ? ` xmlns="${namespace}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner}</${root}>`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeXml = (text: string) =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
