import { markdownTable } from '../markdown-table.ts';
import { type DocumentedTemplate, inWords, nameOf, resourcesOf } from './template.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The whole of docs/permissions.md: what each role of the stack may do, for a review in one look. */
export function permissionsPage(template: DocumentedTemplate): string {
  const groups = Map.groupBy(functionsOf(template), ({ may }) => JSON.stringify(may));
  const rows = [...groups.values()].map((functions) => [
    functions.map(({ name }) => `\`${name}\``).join(', '),
    (functions[0]?.may ?? []).join('<br>'),
  ]);
  return `${[
    '<!-- Made by `npm run docs` from the synthesized template. Do not edit. -->',
    '# What each function may do',
    'Every function has a role of its own, with nothing but what stands here: no policy that AWS manages, no `*` as an action, no `*` as a resource. `<name>` is the function’s own name; functions that may do the same share a row. Queues are written to by EventBridge, each by the rule that names it (`aws:SourceArn`), over TLS only. With the setting `encryption: customer` each role may also `kms:Decrypt` and `kms:GenerateDataKey` with that one key.',
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
  const only = Object.values(Condition ?? {})
    .flatMap((tests) => Object.entries(tests))
    .map(([key, value]) => `, only \`${key}\` ${inWords(template, value)}`);
  return `\`${service}\`: ${actions.join(', ')} on \`${where}\`${only.join('')}`;
}
