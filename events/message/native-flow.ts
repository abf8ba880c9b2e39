import { own, ownText, present } from '../own.ts';
import { isTooDeep } from '../webhook-text.ts';
import type { ContentParts } from './content-data.ts';
import { isObject, listOf } from './engines/raw-value.ts';

type Choice = NonNullable<ContentParts['choice']>;
type Button = NonNullable<ContentParts['interactive']>['buttons'][number];

/** Characters of a flow's JSON at most; a longer one stays in `raw`. */
const maxJson = 65_536;

/** Names that an object in JavaScript must not get from outside. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The object that a flow has written as JSON text; undefined where it is none. */
export function parseParameters(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string' || text.length > maxJson || isTooDeep(text)) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) {
    return undefined;
  }
  return Object.fromEntries(Object.entries(value).filter(([name]) => !reserved.has(name)));
}

/** What somebody chose in a flow. A quick reply is a button; all else of flows is a flow. */
export function readFlowChoice(name: unknown, json: unknown, text: string | undefined): Choice {
  const parameters = parseParameters(json);
  const isButton = name === 'quick_reply';
  return present({
    by: isButton ? ('button' as const) : ('flow' as const),
    id: ownText(parameters, 'id'),
    title: ownText(parameters, 'display_text') ?? ownText(parameters, 'title') ?? text,
    description: ownText(parameters, 'description'),
    parameters: isButton ? undefined : parameters,
  });
}

/** The buttons that one button of a flow stands for: a list of choices is several. */
export function readFlowButtons(name: unknown, json: unknown): Button[] {
  if (typeof name !== 'string' || name === '') {
    return [];
  }
  const parameters = parseParameters(json);
  const button = present({
    type: name,
    title: ownText(parameters, 'display_text') ?? ownText(parameters, 'title'),
    id: ownText(parameters, 'id'),
    value:
      ownText(parameters, 'url') ??
      ownText(parameters, 'phone_number') ??
      ownText(parameters, 'copy_code'),
  });
  const rows = listOf(parameters?.sections).flatMap((section) =>
    listOf(own(section, 'rows')).map((row) =>
      present({
        type: 'row',
        title: ownText(row, 'title'),
        id: ownText(row, 'id'),
        value: ownText(row, 'description'),
      }),
    ),
  );
  return [button, ...rows];
}
