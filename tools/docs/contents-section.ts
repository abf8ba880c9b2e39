import { exampleBody } from '../../events/example-webhook.ts';
import type { Example } from '../../events/kind-docs.ts';
import { contents } from '../../events/message/content-data.ts';
import { contentExamples, referralExample } from '../../events/message/content-examples.docs.ts';
import { pattern } from '../../events/pattern.ts';
import { workExample } from './documented-kind.ts';
import { codeBlock, formatJson } from './markdown.ts';
import { putRuleCommand } from './rule.ts';

/** Heading of the section. */
export const contentsHeading = 'Contents of messages';

const messageTypes = ['message', 'message.any'] as const;

/** Inbound messages without duplicates of another event type. */
const inbound = { 'meta.fromMe': false, 'meta.duplicateOf': { exists: false } } as const;

/** Rules for common needs. */
const rules = [
  {
    name: 'orders',
    title: 'Orders',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.content': 'order' } }),
  },
  {
    name: 'mentions-of-me',
    title: 'Mentions of me',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.mentionsMe': true } }),
  },
  {
    name: 'answers-to-my-buttons',
    title: 'Answers to my buttons, here to those whose ids begin with `seats:`',
    pattern: pattern({
      type: messageTypes,
      where: {
        ...inbound,
        'data.content': 'choice',
        'data.choice.by': ['button', 'template'],
        'data.choice.id': { prefix: 'seats:' },
      },
    }),
  },
  {
    name: 'from-an-ad',
    title: 'From an ad',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.referral.source': 'ad' } }),
  },
  {
    name: 'files-to-download',
    title: 'Files to download',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.media.available': true } }),
  },
];

/** What each content looks like before and after, and rules that begin with it. */
export function contentsSection(): string {
  return [
    `## ${contentsHeading}`,
    'Every `message` and `message.any` says in `data.content`, in one word, what it is. The engines call the same thing by other names and in other places; below is for each word what one of them sends, and what becomes of it. `data.body` is the text that people see, whatever the content.',
    ...rules.flatMap(({ name, title, pattern: eventPattern }) => [
      `**${title}**`,
      codeBlock('json', formatJson(eventPattern)),
      codeBlock('sh', putRuleCommand(name, eventPattern)),
    ]),
    ...contents.map((content) => {
      const { summary, ...example } = contentExamples[content];
      return exampleOf(`\`${content}\`: ${summary}`, example);
    }),
    exampleOf('The first message of somebody who came from an ad.', referralExample),
  ].join('\n\n');
}

function exampleOf(title: string, example: Example): string {
  const { detail } = workExample(title, exampleBody('message', example));
  return [
    `<details><summary>${title.replaceAll(/`([^`]*)`/g, '<code>$1</code>')}</summary>`,
    `The payload that came in, from ${example.engine}:`,
    codeBlock('json', formatJson(example.payload)),
    'The `data` that goes out:',
    codeBlock('json', formatJson(detail.data)),
    '</details>',
  ].join('\n\n');
}
