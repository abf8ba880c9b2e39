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
    '# What each function may do',
    'Every function has its own role with only the permissions below: no AWS managed policy, no `*` as an action, no `*` as a resource. `<name>` is the function’s own name; functions with the same permissions share a row. EventBridge may send to a queue only by the rule that targets it (`aws:SourceArn`), and only over TLS. With the setting `encryption: customer` each role may also use `kms:Decrypt` and `kms:GenerateDataKey` with the one key, only through DynamoDB, S3, Secrets Manager and SQS (`kms:ViaService`).',
    markdownTable(['function', 'may'], rows),
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
    'Which phone number and hidden id are one person; its items expire 180 days after they were seen.',
};

/**
 * Why another resource is retained, by its type. `npm run docs` fails for one that is missing here, too.
 */
const reasons: Readonly<Record<string, readonly [why: string, removal: string]>> = {
  'AWS::S3::Bucket': [
    'Events in queues refer to payloads in it. Its objects expire after 28 days.',
    '`aws s3 rb --force s3://NAME`',
  ],
  'AWS::KMS::Key': [
    'Retained data can be decrypted with this key only.',
    '`aws kms schedule-key-deletion --key-id ID --pending-window-in-days 30`, when all of the above is gone',
  ],
};

/** docs/removal.md: what is deleted and what is retained when a stack is destroyed. */
export function removalPage(passing: DocumentedTemplate, retained: DocumentedTemplate): string {
  return `${[
    '<!-- Made by `npm run docs` from the synthesized templates. Do not edit. -->',
    '# Removing a deployment',
    'In this order nothing is lost. All commands of this page need an AWS account; they are for the stage `prod`.',
    '1. **Stop the senders**: take the webhook out of each. Without the endpoint every webhook would fail, and its sender drops it after its retries.\n2. **Let the queues run empty**: the columns *waiting* and *in flight* are 0. What waits for a service of your own is deleted with its queue.',
    codeBlock('sh', 'npx fanout status --stage prod'),
    '3. **Export the failure queues**, each into a file of its own. The files contain personal data. An exported file can be sent to a queue of a later deployment (`fanout dlq import`).',
    codeBlock(
      'sh',
      [
        `for queue in ${failureQueuesOf(retained).join(' \\\n  ')}; do`,
        '  npx fanout dlq export $queue $queue.ndjson --stage prod',
        'done',
      ].join('\n'),
    ),
    '4. **Copy the state** if the stage deletes it ([below](#what-is-retained)), and what you need of the archive, which is always deleted: replay it to a consumer that writes files (kind [`firehose`](consumers.md#kind-firehose)).',
    codeBlock(
      'sh',
      'aws dynamodb create-backup --table-name whatsapp-prod-state --backup-name before-removal',
    ),
    '5. **Destroy it**. With the setting `protection`, a deployment without it comes first: it unprotects the stack and the state table. Name the stage: without `-c stage=…` CDK takes `dev`.',
    codeBlock(
      'sh',
      'npx cdk deploy -c stage=prod -c protection=off     # only with the setting protection\nnpx cdk destroy -c stage=prod',
    ),
    '## What is retained',
    'The setting `dataOnDestroy` decides: `by-stage` (the default) deletes the data of dev, test, pr, ci and sandbox, and retains that of every other stage.',
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
          'The setting is one for the account and region: other REST APIs may write their logs with it.',
          '`aws iam delete-role --role-name NAME`, after its policies, when no REST API is left',
        ],
      ],
    ),
    'The bucket of a consumer of the kind `firehose` is retained as well, for the same reason.',
    '## What is deleted',
    'Everything else: queues **with the events in them**, the archive, secrets, logs, alarms, functions and the endpoint, and the tables whose items expire (deduplication and idempotency records).',
    '## Deploying again',
    '**After a first deployment that failed** CloudFormation removes what it made: the bucket, the tables and the key hold nothing then, and go too. Give the same `npx cdk deploy` again; it deletes the failed stack first.',
    'Protection is in the way of both, so it is off by default. Add `"protection": "on"` to `stages/prod.json` when the first deployment stands, and deploy again. Where a first deployment failed with the protection on:',
    '```sh\naws cloudformation update-termination-protection --no-enable-termination-protection --stack-name WhatsAppEventFanout-prod\naws dynamodb update-table --table-name whatsapp-prod-state --no-deletion-protection-enabled   # if it is there\naws dynamodb update-table --table-name whatsapp-prod-identities --no-deletion-protection-enabled   # if it is there\naws cloudformation delete-stack --stack-name WhatsAppEventFanout-prod\n```',
    'A stack of the same stage cannot take over a table that an earlier one left: `cdk deploy` says that it exists. Import it (`npx cdk import`), delete it, or choose another stage. The same holds for a log group that something wrote to after its deletion.',
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
    'Two principals are involved. **You** (or your CI) run CDK and only need permission to assume the roles that `cdk bootstrap` created:',
    codeBlock('json', JSON.stringify(callerPolicy, null, 2)),
    '**CloudFormation** creates the resources, by default as administrator. To restrict it to what this stack needs, write the policy below to a file, with the number of your account in place of `ACCOUNT`, and bootstrap with it (this needs an AWS account). It knows the resources by their names, which all begin with `whatsapp-` or with the name of the stack; a consumer of your own with other resources needs statements of its own.',
    codeBlock(
      'sh',
      [
        'aws iam create-policy --policy-name whatsapp-deploy --policy-document file://deploy-policy.json',
        'npx cdk bootstrap --cloudformation-execution-policies arn:aws:iam::ACCOUNT:policy/whatsapp-deploy',
      ].join('\n'),
    ),
    'In another partition the ARNs begin otherwise: `arn:aws-cn:` in China, `arn:aws-us-gov:` in GovCloud, `arn:aws-eusc:` in the European Sovereign Cloud.',
    '**What the policy cannot limit**: it may give any permission to roles with the name of the stack, and pass them to functions. If that is too much, give a permissions boundary to `cdk bootstrap` (`--custom-permissions-boundary`). KMS keys and APIs have no name in their ARNs: it may change (not use) every key whose own policy trusts the account’s IAM policies, and every API.',
    'Bootstrapping needs administrator permissions once. The policy has every action that CloudFormation lists for the resource types, except for properties that this stack does not use. It has not been tested in an account: if CloudFormation is denied an action, the stack event names the action and the resource.',
    'Some resource types do not exist everywhere: Slack notifications (AWS::Chatbot) neither in China nor in GovCloud, function URLs and consumers of the kind `https` not in GovCloud.',
    '## Policy of CloudFormation',
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
