import { codeBlock } from '../code-block.ts';
import { deployPolicy } from './deploy-policy.ts';
import type { DocumentedTemplate } from './template.ts';

/** The whole of docs/deploying.md: what a person and CloudFormation may do for `cdk deploy`. */
export function deployingPage(templates: readonly DocumentedTemplate[]): string {
  const types = templates.flatMap(({ Resources }) =>
    Object.values(Resources).map(({ Type }) => Type),
  );
  return `${[
    '<!-- Made by `npm run docs` from the types of resources in the synthesized templates. Do not edit. -->',
    '# What `cdk deploy` needs',
    'Two roles are at work. **You** (or your CI) call CDK, and need nothing but to assume the roles that `cdk bootstrap` made:',
    codeBlock('json', JSON.stringify(callerPolicy, null, 2)),
    '**CloudFormation** makes the resources, by default as administrator. To let it do what this stack needs and no more, write the policy below to a file, with the number of your account in place of `ACCOUNT`, and bootstrap with it. It knows the resources by their names, which all begin with `whatsapp-` or with the name of the stack; a consumer of your own with other resources needs statements of its own.',
    codeBlock(
      'sh',
      [
        'aws iam create-policy --policy-name whatsapp-deploy --policy-document file://deploy-policy.json',
        'npx cdk bootstrap --cloudformation-execution-policies arn:aws:iam::ACCOUNT:policy/whatsapp-deploy',
      ].join('\n'),
    ),
    'In another partition the ARNs begin otherwise: `arn:aws-cn:` in China, `arn:aws-us-gov:` in GovCloud, `arn:aws-eusc:` in the European Sovereign Cloud.',
    'Whoever bootstraps needs an administrator’s rights once. The policy has every action that CloudFormation lists for the types of resources, but for settings that this stack does not have; it has not been tried in an account: if CloudFormation is refused something, its event says which action on which resource.',
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
