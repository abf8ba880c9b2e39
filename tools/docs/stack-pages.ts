import { failureRoles, queueTags } from '../../events/names.ts';
import { templateOf } from '../../lib/template-of.ts';
import { deployPolicy } from './deploy-policy.ts';
import { codeBlock, markdownTable } from './markdown.ts';

/** The pages that are made from the synthesized template, by path. */
export function stackPages(): readonly (readonly [path: string, text: string])[] {
  const passing = templateOf() as DocumentedTemplate;
  const retained = templateOf({ stage: 'prod', encryption: 'customer' }) as DocumentedTemplate;
  const guarded = templateOf({
    ingress: 'rest-api',
    dashboard: 'on',
    alarmSlackWorkspace: 'T012ABCDE',
    alarmSlackChannel: 'C0123ABCD',
  }) as DocumentedTemplate;
  return [
    ['docs/permissions.md', permissionsPage(passing)],
    ['docs/removal.md', removalPage(passing, retained)],
    ['docs/deploying.md', deployingPage([passing, retained, guarded])],
  ];
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** docs/permissions.md: the permissions of each role of the stack, for a security review. */
export function permissionsPage(template: DocumentedTemplate): string {
  const groups = Map.groupBy(functionsOf(template), ({ may }) => JSON.stringify(may));
  const rows = [...groups.values()].map((functions) => [
    functions.map(({ name }) => `\`${name}\``).join(', '),
    (functions[0]?.may ?? []).join('<br>'),
  ]);
  return `${[
    '<!-- Made by `npm run docs` from the synthesized template. Do not edit. -->',
    '# Permissions',
    'This page lists the IAM permissions of each function in the default stage `dev`. Every function has its own role with these permissions only: no AWS managed policy, no action `*`, no resource `*`. `<name>` is the name of the function; functions with the same permissions share a row. The policy of a queue allows EventBridge to send messages only for the rule that targets the queue (`aws:SourceArn`), and only over TLS. With the setting `encryption: customer`, each role also allows `kms:Decrypt` and `kms:GenerateDataKey` with the customer managed key, only through DynamoDB, S3, Secrets Manager and SQS (`kms:ViaService`).',
    markdownTable(['function', 'permissions'], rows),
  ].join('\n\n')}\n`;
}

function functionsOf(template: DocumentedTemplate) {
  const policies = resourcesOf(template, 'AWS::IAM::Policy').map(([, { Properties = {} }]) => ({
    roles: (Properties.Roles as readonly { readonly Ref: string }[]).map(({ Ref }) => Ref),
    statements: (Properties.PolicyDocument as { readonly Statement: readonly Statement[] })
      .Statement,
  }));
  return resourcesOf(template, 'AWS::Lambda::Function').map(([id, { Properties = {} }]) => {
    const [role] = (Properties.Role as { readonly 'Fn::GetAtt': readonly string[] })['Fn::GetAtt'];
    const name = nameOf(template, id);
    const short = name.replace(/^whatsapp-[a-z0-9]+-/, '');
    const may = policies
      .filter(({ roles }) => roles.includes(role ?? ''))
      .flatMap(({ statements }) => statements)
      .map((statement) => sentence(template, statement).replaceAll(name, '<name>'))
      .map((text) =>
        text.replaceAll(new RegExp(`\\b${short}(?=[#*]|-dead-letters)`, 'g'), '<name>'),
      )
      .sort();
    return { name: short, may };
  });
}

function sentence(
  template: DocumentedTemplate,
  { Action, Resource, Condition }: Statement,
): string {
  const [service] = [Action].flat()[0]?.split(':') ?? [];
  const actions = [Action].flat().map((action) => action.split(':')[1]);
  const where = inWords(template, Resource);
  const only = Object.entries(Condition ?? {})
    .filter(([operator]) => operator !== 'Null')
    .flatMap(([, tests]) => Object.entries(tests))
    .map(([key, value]) => `, only \`${key}\` \`${inWords(template, value)}\``);
  return `\`${service}\`: ${actions.join(', ')} on \`${where}\`${only.join('')}`;
}

const removeTable =
  '`aws dynamodb delete-table --table-name NAME`; with `protection`, `aws dynamodb update-table --table-name NAME --no-deletion-protection-enabled` before';

/** Why a table is retained, by the end of its name. `npm run docs` fails for one that is missing here. */
const reasonOfTable: Readonly<Record<string, string>> = {
  state: 'The only copy of the state: chats, groups, calls and labels.',
  identities:
    'It stores which phone number and hidden id belong to the same person. Its items expire 180 days after they were last seen.',
};

/**
 * Why another resource is retained, by its type. `npm run docs` fails for one that is missing here, too.
 */
const reasons: Readonly<Record<string, readonly [why: string, removal: string]>> = {
  'AWS::S3::Bucket': [
    'Events in queues and in the archive refer to payloads in it. Its objects expire 42 days after `archiveDays`.',
    '`aws s3 rb --force s3://NAME`',
  ],
  'AWS::KMS::Key': [
    'Retained data can be decrypted with this key only.',
    '`aws kms schedule-key-deletion --key-id ID --pending-window-in-days 30`, when all other retained resources are deleted',
  ],
};

/** docs/removal.md: what is deleted and what is retained when a stack is destroyed. */
export function removalPage(passing: DocumentedTemplate, retained: DocumentedTemplate): string {
  return `${[
    '<!-- Made by `npm run docs` from the synthesized templates. Do not edit. -->',
    '# Removing a deployment',
    'This page describes how to remove a deployment without losing data, which data is retained, and how to deploy again. Follow the steps in this order. All commands of this page need an AWS account; they are for the stage `prod`.',
    '1. **Stop the senders**: remove the webhook from the configuration of each sender. Without the endpoint every webhook fails, and the sender drops it after its retries.\n2. **Wait until the queues are empty**: the columns *waiting* and *in flight* are 0. Messages in queues of your own services are deleted with the queues.',
    codeBlock('sh', 'npx fanout status --stage prod'),
    '3. **Export the failure queues**, each to a separate file. The files contain personal data. `fanout dlq import` can send the messages of a file to a queue of a later deployment.',
    codeBlock(
      'sh',
      [
        `for queue in ${failureQueuesOf(retained).join(' \\\n  ')}; do`,
        '  npx fanout dlq export $queue $queue.ndjson --stage prod',
        'done',
      ].join('\n'),
    ),
    '4. **Copy the state**, if the stage does not retain it ([What is retained](#what-is-retained)). The archive is always deleted: to keep its events, replay them to a consumer that writes files (kind [`firehose`](consumers.md#kind-firehose)).',
    codeBlock(
      'sh',
      'aws dynamodb create-backup --table-name whatsapp-prod-state --backup-name before-removal',
    ),
    '5. **Destroy the stack**. If the setting `protection` is `on`, first deploy without it, which removes the protection of the stack and the state table. Always specify the stage: without `-c stage=…` CDK uses `dev`.',
    codeBlock(
      'sh',
      'npx cdk deploy -c stage=prod -c protection=off     # only with the setting protection\nnpx cdk destroy -c stage=prod',
    ),
    '## What is retained',
    'The setting `dataOnDestroy` decides which data is retained. `by-stage` (the default) deletes the data of the stages dev, test, pr, ci and sandbox, and of stages named after them (`pr-7`), and retains the data of every other stage.',
    markdownTable(
      ['resource', 'retained for', 'why', 'to delete it'],
      [
        ...keptBy(retained).map(([id, type]) => [
          `\`${nameOf(retained, id)}\` (${type})`,
          keptBy(passing).some(([each]) => each === id) ? 'every stage' : 'stages that retain data',
          ...reasonFor(type, nameOf(retained, id)),
        ]),
        [
          'the role (AWS::IAM::Role) that API Gateway writes logs with, and the account setting that names it (AWS::ApiGateway::Account)',
          'every stage with `ingress=rest-api`',
          'The setting applies to all REST APIs of the account and region: others may write their logs with it.',
          '`aws iam delete-role --role-name NAME`, after its policies, when no REST API is left',
        ],
      ],
    ),
    'The bucket of a consumer of the kind `firehose` is retained as well, for the same reason.',
    '## What is deleted',
    'All other resources are deleted: queues **with their messages**, the archive, secrets, logs, alarms, functions, the endpoint, and the tables with deduplication and idempotency records.',
    '## Deploying again',
    '**After a first deployment that failed**, CloudFormation deletes the resources that it created, including the bucket, the tables and the key, which are empty. Run the same `npx cdk deploy` again; it deletes the failed stack first.',
    'Deletion protection prevents both, so it is off by default. Add `"protection": "on"` to `stages/prod.json` after the first deployment has succeeded, and deploy again. If a first deployment failed with the protection on:',
    '```sh\naws cloudformation update-termination-protection --no-enable-termination-protection --stack-name WhatsAppEventFanout-prod\naws dynamodb update-table --table-name whatsapp-prod-state --no-deletion-protection-enabled   # if it is there\naws dynamodb update-table --table-name whatsapp-prod-identities --no-deletion-protection-enabled   # if it is there\naws cloudformation delete-stack --stack-name WhatsAppEventFanout-prod\n```',
    '**After a removal with retained tables**, `cdk deploy` of the same stage fails, because the tables already exist. Import them (`npx cdk import`), delete them, or choose another stage. The same applies to a log group that a function created again after its deletion.',
  ].join('\n\n')}\n`;
}

/** The names of the failure queues of a template. */
const failureQueuesOf = (template: DocumentedTemplate): readonly string[] =>
  resourcesOf(template, 'AWS::SQS::Queue').flatMap(([id, { Properties = {} }]) => {
    const tags = (Properties.Tags ?? []) as readonly { Key: string; Value: string }[];
    const role = tags.find(({ Key }) => Key === queueTags.role)?.Value;
    return failureRoles.some((each) => each === role) ? [nameOf(template, id)] : [];
  });

const keptBy = ({ Resources }: DocumentedTemplate): readonly (readonly [string, string])[] =>
  Object.entries(Resources)
    .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
    .map(([id, { Type }]) => [id, Type] as const);

function reasonFor(type: string, name: string): readonly [string, string] {
  const ofTable = reasonOfTable[name.slice(name.lastIndexOf('-') + 1)];
  const reason =
    type === 'AWS::DynamoDB::Table' ? ofTable && ([ofTable, removeTable] as const) : reasons[type];
  if (reason) {
    return reason;
  }
  throw new Error(`${name}: ${type} outlives its stack: tools/docs/stack-pages.ts must say why.`);
}

/** docs/deploying.md: the permissions that a person and CloudFormation need for `cdk deploy`. */
export function deployingPage(templates: readonly DocumentedTemplate[]): string {
  const types = templates.flatMap(({ Resources }) =>
    Object.values(Resources).map(({ Type }) => Type),
  );
  return `${[
    '<!-- Made by `npm run docs` from the types of resources in the synthesized templates. Do not edit. -->',
    '# What `cdk deploy` needs',
    'This page lists the permissions of the two principals of a deployment. **You** (or your CI) run CDK, and need permission to assume the roles that `cdk bootstrap` created:',
    codeBlock('json', JSON.stringify(callerPolicy, null, 2)),
    '**CloudFormation** creates the resources, by default with administrator permissions. To restrict it to the permissions that this stack needs, write the policy below to a file, replace `ACCOUNT` with your account id, and bootstrap with the policy (this needs an AWS account). The policy allows resources whose names begin with `whatsapp-` or with the name of the stack. If your own consumers have other resources, add statements for them.',
    codeBlock(
      'sh',
      [
        'aws iam create-policy --policy-name whatsapp-deploy --policy-document file://deploy-policy.json',
        'npx cdk bootstrap --cloudformation-execution-policies arn:aws:iam::ACCOUNT:policy/whatsapp-deploy',
      ].join('\n'),
    ),
    'In other partitions replace `arn:aws:` with `arn:aws-cn:` (China), `arn:aws-us-gov:` (GovCloud) or `arn:aws-eusc:` (European Sovereign Cloud).',
    '**What the policy cannot limit**: it allows CloudFormation to give any permission to roles with the name of the stack, and to pass them to functions. If that is too much, use a permissions boundary (`cdk bootstrap --custom-permissions-boundary`). ARNs of KMS keys and APIs contain no name, so the policy allows it to change (not use) every key whose own policy trusts the account’s IAM policies, and every API.',
    'Bootstrapping needs administrator permissions once. The policy contains every action that CloudFormation documents for the resource types, except for properties that this stack does not use. It was not tested in an AWS account: if CloudFormation is denied an action, the stack event names the action and the resource.',
    'Some resource types do not exist in every partition: Slack notifications (AWS::Chatbot) exist neither in China nor in GovCloud, function URLs and consumers of the kind `https` not in GovCloud.',
    '## Policy for CloudFormation',
    codeBlock('json', JSON.stringify(deployPolicy(types), null, 1)),
  ].join('\n\n')}\n`;
}

const callerPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AssumeCdkRoles',
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: 'arn:aws:iam::ACCOUNT:role/cdk-hnb659fds-*-role-ACCOUNT-*',
    },
  ],
};

/** The parts of a CloudFormation template that documents use. */
export interface DocumentedTemplate {
  readonly Resources: Readonly<Record<string, DocumentedResource>>;
}

/** One resource of a template. */
interface DocumentedResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The resources of a type, by logical id. */
export const resourcesOf = (
  { Resources }: DocumentedTemplate,
  type: string,
): readonly (readonly [string, DocumentedResource])[] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

const names = ['QueueName', 'TableName', 'FunctionName', 'LogGroupName', 'TopicName', 'Name'];

/** A resource as a person knows it: its own name, or its logical id without what CDK adds. */
export function nameOf({ Resources }: DocumentedTemplate, logicalId: string): string {
  const { Properties = {} } = Resources[logicalId] ?? {};
  const own = names.map((name) => Properties[name]).find((name) => typeof name === 'string');
  return own === undefined
    ? logicalId.replace(/^Fanout/, '').replace(/[0-9A-F]{8}$/, '')
    : String(own);
}

/** A value of a template with its references written out. */
export function inWords(template: DocumentedTemplate, value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => inWords(template, each)).join(', ');
  }
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') {
    return Ref.startsWith('AWS::') ? `<${Ref}>` : nameOf(template, Ref);
  }
  if (Array.isArray(attribute)) {
    return nameOf(template, String(attribute[0]));
  }
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return join[1].map((part) => inWords(template, part)).join(String(join[0]));
  }
  return JSON.stringify(value);
}
