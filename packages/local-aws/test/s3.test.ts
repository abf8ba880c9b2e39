import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalRun } from '../src/local-run.ts';
import { cleanUp, runTemplates } from './template/run-template.ts';

const Bucket = 'files';
let run: LocalRun;
let client: S3Client;

beforeAll(async () => {
  const Files = { Type: 'AWS::S3::Bucket', Properties: { BucketName: Bucket } };
  run = await runTemplates({ App: { Resources: { Files } } });
  client = new S3Client({
    endpoint: run.awsEndpoint,
    region: run.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await cleanUp();
});

const put = (Key: string, Body = 'text', more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

async function read(Key: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe('an object', () => {
  test('is returned with the headers and the metadata that it was put with', async () => {
    await put('report', 'Größe', {
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      Metadata: { author: 'anna' },
    });
    const expected = {
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      Metadata: { author: 'anna' },
    };
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'report' }));
    expect(head).toMatchObject({ ...expected, ContentLength: 7 });
    expect(head.ContentEncoding).toBeUndefined();
    const object = await client.send(new GetObjectCommand({ Bucket, Key: 'report' }));
    expect(object).toMatchObject(expected);
    expect(await object.Body?.transformToString()).toBe('Größe');
    await put('report', 'new');
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: 'report' }));
    expect(Metadata).toEqual({});
  });

  test('that exists is not overwritten by a write that must create it', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await read('once')).toBe('first');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'once' }));
    await put('once', 'third', { IfNoneMatch: '*' });
    expect(await read('once')).toBe('third');
  });

  test('is changed by a write for its present version only', async () => {
    const { ETag } = await put('shared', 'one');
    await put('shared', 'two', { IfMatch: ETag });
    await expect(put('shared', 'three', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(put('nothing', 'three', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    expect(await read('shared')).toBe('two');
  });
});

test('an operation that the local run does not have is refused and changes nothing', async () => {
  await put('kept', 'content');
  for (const command of [
    new CopyObjectCommand({ Bucket, Key: 'kept', CopySource: `${Bucket}/report` }),
    new PutObjectTaggingCommand({ Bucket, Key: 'kept', Tagging: { TagSet: [] } }),
  ]) {
    await expect(client.send(command as PutObjectTaggingCommand)).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  }
  expect(await read('kept')).toBe('content');
});

test('a listing groups keys up to a delimiter, in pages', async () => {
  for (const key of ['list/a', 'list/b/1', 'list/b/2', 'list/c', 'list/d/1/x', 'other']) {
    await put(key);
  }
  const found: (string | undefined)[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        ...{ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2, ContinuationToken },
      }),
    );
    const names = (page.Contents ?? []).map(({ Key }) => Key);
    const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix);
    found.push([...names, ...prefixes]);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(found).toEqual([
    ['list/a', 'list/b/'],
    ['list/c', 'list/d/'],
  ]);
  const all = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/b' }));
  expect(all.Contents?.map(({ Key }) => Key)).toEqual(['list/b/1', 'list/b/2']);
});
