import { markdownTable } from '../markdown-table.ts';
import { type DocumentedTemplate, nameOf } from './template.ts';

/** Why a resource of a type outlives its stack. A type that is missing here fails `npm run docs`. */
const reasons: Readonly<Record<string, readonly [why: string, removal: string]>> = {
  'AWS::S3::Bucket': [
    'Events that wait in a queue refer to payloads in it. What is in it goes by itself after 28 days.',
    '`aws s3 rb --force s3://NAME`',
  ],
  'AWS::DynamoDB::Table': [
    'The chats, groups, calls and labels that the consumers have put together; nothing else has them. It is protected against deletion.',
    '`aws dynamodb update-table --table-name NAME --no-deletion-protection-enabled`, then `aws dynamodb delete-table --table-name NAME`',
  ],
  'AWS::KMS::Key': [
    'What is kept can be read with this key only.',
    '`aws kms schedule-key-deletion --key-id ID --pending-window-in-days 30`, when all of the above is gone',
  ],
};

/** The whole of docs/removal.md: what goes and what stays when a stack is destroyed. */
export function removalPage(passing: DocumentedTemplate, lasting: DocumentedTemplate): string {
  return `${[
    '<!-- Made by `npm run docs` from the synthesized templates. Do not edit. -->',
    '# Removing a deployment',
    'Stop the senders first: once the front door is gone, every webhook is refused and given up by its sender. Then see what still waits, and save what is wanted, here of the stage `prod`:',
    '```sh\nnpx fanout status --stack WhatsAppEventFanout-prod\nnpx fanout dlq export messages messages.ndjson --stack WhatsAppEventFanout-prod\nnpx cdk destroy -c stage=prod\n```',
    'A lasting stage is protected against termination: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name WhatsAppEventFanout-prod` comes before `npx cdk destroy -c stage=prod`. Without `-c stage=…`, CDK takes the stage `dev`.',
    '## What stays',
    'The setting `dataOnDestroy` decides: `by-stage` (the default) lets the data of dev, test, pr, ci and sandbox go, and keeps that of every other stage.',
    markdownTable(
      ['resource', 'stays for', 'why', 'to remove it'],
      keptBy(lasting).map(([id, type]) => [
        `\`${nameOf(lasting, id)}\` (${type})`,
        keptBy(passing).some(([each]) => each === id) ? 'every stage' : 'lasting stages',
        ...reasonFor(type),
      ]),
    ),
    'A bucket of a consumer of the kind `firehose` stays as well, for the same reason.',
    '## What goes',
    'Everything else: queues **with the events in them**, the archive, secrets, logs, alarms, functions and the front door. Tables of notes that expire by themselves (`ledger`, `claims`) go too.',
    '## Deploying again',
    '**After a first deployment that failed** CloudFormation removes what it made, and `npx cdk deploy` can be given again; the bucket, the table and the key hold nothing then and go too. What protects a lasting stage is in the way of that. So deploy it for the first time as `npx cdk deploy -c stage=prod -c dataOnDestroy=delete`, and again without `dataOnDestroy` when it stands, which adds the protection. Where it has failed with the protection on:',
    '```sh\naws cloudformation update-termination-protection --no-enable-termination-protection --stack-name WhatsAppEventFanout-prod\naws dynamodb update-table --table-name whatsapp-prod-state --no-deletion-protection-enabled   # if it is there\naws cloudformation delete-stack --stack-name WhatsAppEventFanout-prod\n```',
    'A stack of the same stage cannot take over the table that an earlier one left: `cdk deploy` says that it exists. Import it (`npx cdk import`), delete it, or choose another stage. The same holds for a log group that something wrote to after its deletion.',
  ].join('\n\n')}\n`;
}

const keptBy = ({ Resources }: DocumentedTemplate): readonly (readonly [string, string])[] =>
  Object.entries(Resources)
    .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
    .map(([id, { Type }]) => [id, Type] as const);

function reasonFor(type: string): readonly [string, string] {
  const reason = reasons[type];
  if (reason) return reason;
  throw new Error(`${type} outlives its stack: cli/docs/stack/removal-page.ts must say why.`);
}
