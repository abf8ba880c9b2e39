import { readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);

/** A fenced block of a document. */
export interface Block {
  readonly document: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
  readonly language: string;
  /** The file that a reader writes it into: `file=` behind the language. */
  readonly file: string | undefined;
  readonly text: string;
  /** Whether the document says that it needs what a test does not have, such as an AWS account. */
  readonly needs: readonly Need[];
}

/** What a block may need, in the words that a document says it with. */
export const needs = [
  'an AWS account',
  'WAHA',
  'Wawp',
  'Docker',
  'n8n',
  'a tunnel',
  'boto3',
] as const;
export type Need = (typeof needs)[number];

/**
 * The fenced blocks of a document, in order. What a block needs is said in the paragraph before it ("This needs an AWS
 * account"), or for the full page above its first heading of the second level.
 */
export function blocksOf(document: string): readonly Block[] {
  const text = readFileSync(new URL(document, root), 'utf8');
  const ofPage = needsSaidIn(text.split(/^## /m)[0] ?? '', /All commands of this page/);
  const fence = /^( *)(```+|~~~+)([^\n]*)\n(.*?)^\1\2 *$/gms;
  let end = 0;
  return [...text.matchAll(fence)].map((match) => {
    const [whole, indent = '', , info = '', content = ''] = match;
    const before = text.slice(end, match.index).trim().split(/\n\n/).at(-1) ?? '';
    end = match.index + whole.length;
    const [language = '', ...rest] = info.trim().split(' ');
    return {
      document,
      line: text.slice(0, match.index).split('\n').length + 1,
      language,
      file: rest.find((word) => word.startsWith('file='))?.slice('file='.length),
      text: content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      needs: [...ofPage, ...needsSaidIn(before)],
    };
  });
}

function needsSaidIn(paragraph: string, where: RegExp = /./): readonly Need[] {
  const sentences = paragraph
    .replaceAll(/\s+/g, ' ')
    .split(/(?<=[.:])\s/)
    .filter((sentence) => where.test(sentence));
  const said = sentences
    .flatMap((sentence) => /\bneeds? (.*)/s.exec(sentence)?.[1] ?? [])
    .join(' ');
  return needs.filter((need) => said.includes(need));
}

/** Whether commands of a block work on an AWS account: deployments, and what names a stack. */
export function needsAccount({ text }: Block): boolean {
  return /\bcdk (bootstrap|deploy|destroy|diff|import)\b|--stack\b|--stage\b/.test(
    text.replaceAll(/\s#.*$/gm, ''),
  );
}
