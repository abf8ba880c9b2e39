import { hash } from 'node:crypto';
import { type ClientPorts, type ClientSettings, errorIn } from './aws-client.ts';
import { ConnectionPool } from './connection-pool.ts';
import { credentialsFrom } from './credentials.ts';
import { endpointOf, regionFrom } from './endpoint.ts';
import { withRetries } from './retry.ts';
import { Signer } from './signer.ts';

/** Writes an object whole. @throws AwsError, NoAnswerError */
export type PutObject = (key: string, body: Uint8Array, contentType: string) => Promise<void>;

const settings: ClientSettings = {
  attempts: 2,
  connectMs: 1_000,
  answerMs: 5_000,
  budgetMs: 5_000,
};

/** PutObject for one bucket: its name is in the host for Amazon S3, in the path for another endpoint. */
export function putObjectTo(bucket: string, ports: ClientPorts = {}): PutObject {
  const { environment = process.env, now = Date.now } = ports;
  let opened: ReturnType<typeof open> | undefined;

  return (key, body, contentType) =>
    withRetries(() => attempt(key, body, contentType), settings, ports);

  async function attempt(key: string, body: Uint8Array, contentType: string): Promise<void> {
    opened ??= open();
    const { endpoint, prefix, signer, pool } = opened;
    const headers = {
      'content-type': contentType,
      host: endpoint.host,
      'x-amz-content-sha256': hash('sha256', body),
    };
    const path = `${prefix}/${key.split('/').map(encodeStrictly).join('/')}`;
    const head = signer.prepare({ method: 'PUT', path, headers })(body, new Date(now()));
    const response = await pool.send(head, body);
    if (response.status !== 200) throw errorIn(response);
  }

  function open() {
    const region = regionFrom(environment);
    const endpoint = endpointOf(`${bucket}.s3`, 'S3', region, environment);
    const isElsewhere = Boolean(environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL);
    return {
      endpoint,
      prefix: isElsewhere ? `/${encodeStrictly(bucket)}` : '',
      signer: new Signer('s3', region, credentialsFrom(environment)),
      pool: new ConnectionPool(endpoint, settings),
    };
  }
}

/** Percent-encodes all that Signature Version 4 wants encoded (IAM User Guide, "UriEncode"). */
const encodeStrictly = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
