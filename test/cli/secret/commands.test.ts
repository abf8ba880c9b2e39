import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createProgram } from '../../../cli/program.ts';
import { secretCommand } from '../../../cli/secret.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { cleanUp, runTemplates } from '../../../packages/local-aws/test/template/run-template.ts';
import { keptTemplate } from '../../lib/kept-template.ts';
import { runCommand } from '../run-command.ts';

/** Logical ids as the stack has them, with nothing else of it that would take time to start. */
const { Resources } = await keptTemplate();
const senderSecrets = Object.entries(Resources).filter(
  ([id, { Type }]) => Type === 'AWS::SecretsManager::Secret' && id.includes('Ingest'),
);

let run: LocalRun;
beforeAll(async () => {
  run = await runTemplates({ Test: { Resources: Object.fromEntries(senderSecrets) } as never });
});
afterAll(cleanUp);

const arnOf = (id: string) =>
  run.stacks[0]?.resources.find(({ logicalId }) => logicalId.includes(id))?.ref ?? '';
const textOf = (id: string) => run.services.secretsManager.valueOf(arnOf(id)) ?? '';

beforeEach(async () => {
  for (const [id, value] of [
    ['SigningSecret', 'a-signing-secret'],
    ['UrlSecret', 'a-url-secret'],
  ] as const) {
    const input = { SecretId: arnOf(id), SecretString: value };
    await run.services.secretsManager.call('PutSecretValue', input);
  }
});

const secret = async (...words: string[]) => {
  const at = ['--endpoint', run.awsEndpoint];
  const { lines, exitCode } = await runCommand(secretCommand(), ...words, ...at);
  return { lines, exitCode, text: lines.join('\n') };
};
const json = async (...words: string[]) =>
  (await secret(...words, '--json')).lines.map((line) => JSON.parse(line));

describe('fanout secret', () => {
  test('lists the secrets that the stack was created with, without values', async () => {
    const { text } = await secret('list');
    expect(text).toMatch(/waha +hmac-sha512 +- +all +first/);
    expect(text).toMatch(/wawp +secret +- +all +first/);
    expect(text).not.toContain('a-signing-secret');
    expect(JSON.stringify(await json('list'))).not.toContain('a-url-secret');
  });

  test('creates a sender for certain sessions, and shows its secret once', async () => {
    const [made] = await json(
      'create',
      'branch',
      '--session',
      'a',
      '--session',
      'b',
      '--wait',
      '0',
    );
    expect(made).toMatchObject({ sender: 'branch', proof: 'hmac-sha512' });
    expect(made.secret).toMatch(/^[0-9a-f]{64}$/);
    const { senders } = readKeyring(textOf('SigningSecret'), 'hmac');
    expect(senders.branch).toMatchObject({
      sessions: ['a', 'b'],
      secrets: [{ id: made.id, value: made.secret }],
    });
    expect(senders.waha?.secrets[0]?.value).toBe('a-signing-secret');
    expect((await secret('list')).text).not.toContain(made.secret);
  });

  test('creates senders that sign with SHA-256 in their own header, and senders that do not sign', async () => {
    await secret('create', 'gate', '--proof', 'hmac-sha256', '--header', 'X-Sig', '--wait', '0');
    await secret('create', 'partner', '--proof', 'secret', '--wait', '0');
    expect(readKeyring(textOf('SigningSecret'), 'hmac').senders.gate).toMatchObject({
      algorithm: 'sha256',
      header: 'x-sig',
    });
    expect(Object.keys(readKeyring(textOf('UrlSecret'), 'secret').senders)).toEqual([
      'wawp',
      'partner',
    ]);
  });

  test('rotates: both are accepted until the older one is retired', async () => {
    const [made] = await json('rotate', 'waha', '--wait', '0');
    const live = () => readKeyring(textOf('SigningSecret'), 'hmac').senders.waha?.secrets;
    expect(live()?.map(({ value }) => value)).toEqual(['a-signing-secret', made.secret]);
    expect((await secret('list')).text).toContain('retire when unused');
    expect(await json('retire', 'waha', '--yes')).toEqual([
      { sender: 'waha', id: 'first', senderIsGone: false },
    ]);
    expect(live()?.map(({ value }) => value)).toEqual([made.secret]);
  });

  test.each([
    ['a third live secret', ['rotate', 'wawp', '--wait', '0'], /two live secrets already/],
    ['an unknown sender', ['rotate', 'nobody'], /no sender "nobody". There are: waha, wawp/],
    ['a sender that there is', ['create', 'waha'], /already/],
    ['its name with another proof', ['create', 'waha', '--proof', 'secret'], /with another proof/],
    ['a strange name', ['create', 'Big Shop'], /lower-case letters/],
    ['a strange header', ['create', 'x', '--header', 'a b'], /not the name of a header/],
    ['the only secret, not named', ['retire', 'waha', '--yes'], /one live secret only/],
    ['a retirement that nobody confirms', ['retire', 'waha', 'first'], /needs a terminal/],
    ['a wait without end', ['rotate', 'waha', '--wait', 'long'], /seconds from 0 to 600/],
  ])('refuses %s, and changes nothing', async (_name, words, message) => {
    if (words[1] === 'wawp') {
      await secret('rotate', 'wawp', '--wait', '0');
    }
    const before = [textOf('SigningSecret'), textOf('UrlSecret')];
    await expect(secret(...words)).rejects.toMatchObject({
      code: expect.stringContaining('commander'),
      message: expect.stringMatching(message),
    });
    expect([textOf('SigningSecret'), textOf('UrlSecret')]).toEqual(before);
  });

  test('retires the last secret of a sender when its id is given, and removes the sender with it', async () => {
    expect(await json('retire', 'wawp', 'first', '--yes')).toMatchObject([{ senderIsGone: true }]);
    expect((await secret('list')).text).not.toContain('wawp');
  });

  test('says where a keyring is malformed that was written by hand, without printing it', async () => {
    const SecretString = '{"version":1,"senders":{"waha":{"secrets":[{"id":"a","value":7}]}}}';
    const input = { SecretId: arnOf('SigningSecret'), SecretString };
    await run.services.secretsManager.call('PutSecretValue', input);
    await expect(secret('list')).rejects.toThrow('"senders.waha.secrets[0].value" must be text');
  });

  test('has help with examples', () => {
    const command = createProgram().commands.find((each) => each.name() === 'secret');
    expect(command?.helpInformation()).toContain('rotate');
  });
});
