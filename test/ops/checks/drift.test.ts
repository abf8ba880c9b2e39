import { mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkDeployment } from '../../../ops/checks/check-deployment.ts';

const queue = (DelaySeconds: number) => ({ Type: 'AWS::SQS::Queue', Properties: { DelaySeconds } });

/** As of a function's code: what it is named by depends on where it was bundled to. */
const bundledAt = (scheme: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Value: scheme },
});

/** An app that writes the cloud assembly of one stack, whose name has the stage that it is given. */
const app = (Resources: object) => `
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
const Code = ${JSON.stringify(bundledAt('WAY'))};
Code.Properties.Value = relative(process.env.CDK_OUTDIR, process.cwd());
const { stage } = JSON.parse(process.env.CDK_CONTEXT_JSON);
const write = (file, value) =>
  writeFileSync(process.env.CDK_OUTDIR + '/' + file, JSON.stringify(value));
write('template.json', { Resources: { ...${JSON.stringify(Resources)}, Code } });
write('manifest.json', { artifacts: { S: { type: 'aws:cloudformation:stack', properties: {
  stackName: 'WhatsAppEventFanout-' + stage, templateFile: 'template.json' } } } });`;

describe('what is deployed', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fanout-drift-'));
    writeFileSync(join(root, 'cdk.json'), JSON.stringify({ app: 'node app.mjs' }));
    writeFileSync(join(root, 'app.mjs'), app({ Mine: queue(0) }));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const driftFrom = async (Resources: object, stackName = 'WhatsAppEventFanout-prod') => {
    const answers = {
      Stacks: [{ StackStatus: 'UPDATE_COMPLETE' }],
      // Deployed from cdk.out, one step below the app.
      TemplateBody: JSON.stringify({ Resources: { ...Resources, Code: bundledAt('..') } }),
    };
    const cloudFormation = { send: async () => answers };
    const settings = { root, context: {} };
    const findings = await checkDeployment({ cloudFormation } as never, stackName, settings);
    return findings.find(({ about }) => about === 'drift');
  };

  test('matches what the app synthesizes for its stage', async () => {
    expect(await driftFrom({ Mine: queue(0) })).toMatchObject({ level: 'ok' });
  });

  test('differs from it, and then every difference is named', async () => {
    expect(await driftFrom({ Mine: queue(9), Old: queue(0) })).toMatchObject({
      level: 'warning',
      what: 'A deployment would change it: 1 removed: Old (AWS::SQS::Queue); 1 changed: Mine (AWS::SQS::Queue)',
    });
  });

  test('is not compared after Ctrl-C, which leaves no assembly behind', async () => {
    const slow = mkdtempSync(join(tmpdir(), 'fanout-drift-'));
    writeFileSync(join(slow, 'cdk.json'), '{"app":"node app.mjs"}');
    writeFileSync(
      join(slow, 'app.mjs'),
      "import { writeFileSync } from 'node:fs'; writeFileSync('started', ''); setInterval(() => {}, 1e6);",
    );
    const interruption = new AbortController();
    const watcher = watch(slow, (_, name) => {
      if (name === 'started') {
        interruption.abort();
      }
    });
    const answers = { Stacks: [{ StackStatus: 'UPDATE_COMPLETE' }], TemplateBody: '{}' };
    const settings = { root: slow, context: {}, signal: interruption.signal };
    await expect(
      checkDeployment({ cloudFormation: { send: async () => answers } } as never, 'S', settings),
    ).rejects.toThrow();
    watcher.close();
    expect(readdirSync(slow).sort()).toEqual(['app.mjs', 'cdk.json', 'started']);
    rmSync(slow, { recursive: true });
  });

  test('by another app cannot be compared, which is reported', async () => {
    expect(await driftFrom({}, 'Somebodys-stack')).toMatchObject({
      level: 'note',
      what: expect.stringContaining('has no stack Somebodys-stack'),
    });
  });
});
