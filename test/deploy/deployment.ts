import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { stackNameOf } from '../../events/names.ts';
import { retainsData, type Settings, settings } from '../../lib/settings.ts';
import { appOf } from '../../lib/template-of.ts';
import { keep } from '../kept.ts';
import {
  aws,
  cdk,
  type Found,
  folder,
  inventory,
  isPendingDeletion,
  listings,
  root,
} from './account.ts';
import { gaps } from './emulator.ts';
import { testOperators } from './operators.ts';

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: of a property nothing is known.
  readonly Properties?: any;
  readonly DeletionPolicy?: string;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

interface DeployedResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType?: string;
}

/** What the second deployment changes: a resource is removed, and others get another property. */
const change = { archiveDays: 0, queueRetentionDays: 7 } as const;

/** What a deployment made and left, for the table at the end of the run. */
export interface DeploymentFacts {
  readonly title: string;
  /** Resources of the template. */
  readonly resources: number;
  /** Those that the emulator makes. */
  readonly made: number;
  /** Types of what was left after `cdk destroy`. */
  readonly left: readonly string[];
}

let before: readonly Found[];

/** Prepares the account that the deployments of this file share. */
export function bootstrapAccount(): void {
  beforeAll(async () => {
    const { Account } = await aws<{ Account: string }>('sts', 'get-caller-identity');
    await cdk('bootstrap', `aws://${Account}/us-east-1`, '--app', await synthesize({}));
    before = await inventory();
  });
}

/** Deploys the app with settings, changes it, and destroys it: a test for each step, in this order. */
export function testDeployment(title: string, context: Partial<Settings>): void {
  describe(title, () => testSteps(title, context));
}

function testSteps(title: string, context: Partial<Settings>): void {
  const stage = context.stage ?? settings.stage.default;
  const stack = stackNameOf(stage);
  const isReadable = context.ingress !== 'function-url' || gaps.unreadableTypes.length === 0;
  let app: string;
  let changed: string;
  let template: Template;

  const deploy = (assembly: string, ...options: readonly string[]) =>
    cdk(
      ...['deploy', '--app', assembly, '--require-approval', 'never', '--progress', 'events'],
      ...(isReadable ? gaps.deployOptions : []),
      ...options,
    );

  test('is created by cdk deploy', async () => {
    app = await synthesize(context);
    changed = isReadable ? await synthesize({ ...context, ...change }) : app;
    template = readTemplate(app, stack);
    await deploy(app);
  });

  test('has every resource of its template, as the stack and as each service lists them', async () => {
    const { StackResources } = await aws<{ StackResources: DeployedResource[] }>(
      ...['cloudformation', 'describe-stack-resources', '--stack-name', stack],
    );
    const made = StackResources.flatMap(({ LogicalResourceId, ResourceType }) =>
      ResourceType ? [`${ResourceType} ${LogicalResourceId}`] : [],
    );
    const wanted = madeOf(template).map(([id, { Type }]) => `${Type} ${id}`);
    expect(made.sort()).toEqual(wanted.sort());
    const listed = countByType((await inventory()).filter(isNew(before)));
    const expected = countByType(madeOf(template).map(([, { Type }]) => ({ type: Type })));
    for (const [type, count] of Object.entries(listed)) {
      expect([type, count]).toEqual([type, expected[type]]);
    }
  });

  test('has rules with the patterns, the one target and the dead-letter queue of the template', async () => {
    const bus = `whatsapp-${stage}`;
    const { Rules } = await aws<{ Rules: { Name: string; EventPattern: string }[] }>(
      ...['events', 'list-rules', '--event-bus-name', bus],
    );
    const patterns = Object.fromEntries(
      Rules.filter(({ Name }) => Name.startsWith(`${bus}-`)).map((rule) => [
        rule.Name,
        JSON.parse(rule.EventPattern),
      ]),
    );
    const wanted = resourcesOf(template, 'AWS::Events::Rule').filter(
      ({ Properties }) => Properties.EventPattern,
    );
    expect(wanted.length).toBeGreaterThan(5);
    expect(patterns).toEqual(
      Object.fromEntries(
        wanted.map(({ Properties }) => [Properties.Name, Properties.EventPattern]),
      ),
    );
    const { Targets } = await aws<{ Targets: { Arn: string; DeadLetterConfig?: object }[] }>(
      ...['events', 'list-targets-by-rule', '--event-bus-name', bus, '--rule', `${bus}-messages`],
    );
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: expect.stringMatching(new RegExp(`:${bus}-messages$`)),
        DeadLetterConfig: { Arn: expect.stringMatching(new RegExp(`:${bus}-undeliverable$`)) },
      }),
    ]);
  });

  test('is not changed by a second deployment without a change, and cdk diff finds nothing', async () => {
    expect(await deploy(app)).toContain(`${stack} (no changes)`);
    await cdk('diff', '--fail', '--method', 'template', '--app', app);
  });

  if (stage === settings.stage.default) {
    testOperators(stage, stack);
  }

  if (isReadable) {
    test('takes changed settings over, and keeps its resources', async () => {
      await deploy(changed, ...gaps.updateOptions);
      const bus = `whatsapp-${stage}`;
      const { Archives } = await aws<{ Archives: { ArchiveName: string }[] }>(
        ...['events', 'list-archives'],
      );
      expect(Archives.map(({ ArchiveName }) => ArchiveName)).not.toContain(bus);
      const { QueueUrl } = await aws<{ QueueUrl: string }>(
        ...['sqs', 'get-queue-url', '--queue-name', `${bus}-messages`],
      );
      const { Attributes } = await aws<{ Attributes: Record<string, string> }>(
        ...['sqs', 'get-queue-attributes', '--queue-url', QueueUrl, '--attribute-names', 'All'],
      );
      const days = gaps.updatesQueues ? change.queueRetentionDays : 4;
      expect(Attributes.MessageRetentionPeriod).toBe(String(days * 86_400));
      await cdk('diff', '--fail', '--method', 'template', '--app', changed);
    });

    test('shows the outputs of the template', async () => {
      const { Stacks } = await aws<{ Stacks: { Outputs: Output[] }[] }>(
        ...['cloudformation', 'describe-stacks', '--stack-name', stack],
      );
      const outputs = new Map(
        Stacks[0]?.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      );
      const wanted = Object.entries(template.Outputs).filter(([, { Value }]) => isKnown(Value));
      expect([...outputs.keys()]).toEqual(expect.arrayContaining(wanted.map(([name]) => name)));
      expect(outputs.get('BusName')).toBe(`whatsapp-${stage}`);
      expect(outputs.get('BusArn')).toMatch(new RegExp(`:event-bus/whatsapp-${stage}$`));
    });
  }

  test('leaves nothing behind when it is destroyed but what docs/removal.md names', async () => {
    await cdk('destroy', '--force', '--app', changed);
    const after = await inventory();
    const left: string[] = [];
    for (const found of after.filter(isNew(before))) {
      if (!gaps.undeletedTypes.includes(found.type) && !(await isPendingDeletion(found))) {
        left.push(found.type);
      }
    }
    before = after;
    const retained = retainsData({ stage, dataOnDestroy: 'by-stage' })
      ? /\| (every stage|stages that retain data|every stage with `ingress=rest-api`) \|/
      : /\| (every stage|every stage with `ingress=rest-api`) \|/;
    const named = readFileSync(join(root, 'docs/removal.md'), 'utf8')
      .split('\n')
      .filter((line) => retained.test(line))
      .flatMap((line) => [...line.matchAll(/\((AWS::[\w:]+)\)/g)].map(([, type]) => type));
    const kept = Object.values(template.Resources).filter(({ DeletionPolicy }) =>
      DeletionPolicy?.startsWith('Retain'),
    );
    expect(named).toEqual(expect.arrayContaining(kept.map(({ Type }) => Type)));
    const remaining = kept
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain' || !gaps.deletesRetained)
      .map(({ Type }) => Type)
      .filter((type) => listings.some(([listed]) => listed === type));
    expect(left.sort()).toEqual(remaining.sort());
    const facts: DeploymentFacts = {
      title,
      resources: Object.keys(template.Resources).length,
      made: madeOf(template).length,
      left,
    };
    writeFileSync(join(folder, `${stage}.facts.json`), JSON.stringify(facts));
  });

  /** The resources that the emulator makes. */
  const madeOf = ({ Resources }: Template) =>
    Object.entries(Resources).filter(([, { Type }]) => !gaps.ignoredTypes.includes(Type));

  /** Whether a value refers to nothing that the emulator ignores. */
  const isKnown = (value: unknown) =>
    !Object.entries(template.Resources).some(
      ([id, { Type }]) =>
        gaps.ignoredTypes.includes(Type) && JSON.stringify(value).includes(`"${id}"`),
    );
}

interface Output {
  readonly OutputKey: string;
  readonly OutputValue: string;
}

/**
 * Synthesizes the app with settings, as `cdk deploy` does, without a process of its own and without cdk-nag, which
 * take most of the time; .ci/run has `cdk synth`. Returns the directory of the assembly.
 */
const synthesize = (context: Partial<Settings>): Promise<string> =>
  keep('deployment', { ...context, without: gaps.refusedProperties }, (outdir) => {
    appOf({ context, bundles: true, outdir }).app.synth();
    for (const file of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
      removeRefused(join(outdir, file));
    }
  });

function removeRefused(file: string): void {
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    for (const property of gaps.refusedProperties[Type] ?? []) {
      delete Properties[property];
    }
  }
  writeFileSync(file, JSON.stringify(template));
}

const readTemplate = (assembly: string, stack: string) =>
  JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8')) as Template;

const resourcesOf = ({ Resources }: Template, type: string) =>
  Object.values(Resources).filter(({ Type }) => Type === type);

const isNew = (known: readonly Found[]) => (found: Found) =>
  !known.some(({ type, name }) => type === found.type && name === found.name);

function countByType(found: readonly { readonly type: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of found) {
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
