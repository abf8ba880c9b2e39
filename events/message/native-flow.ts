import { own, ownText, present } from '../own.ts';
import { isTooDeep } from '../webhook-text.ts';
import type { ContentParts } from './content-data.ts';
import { isObject, listOf } from './engines/raw-value.ts';

type Choice = NonNullable<ContentParts['choice']>;
type Button = NonNullable<ContentParts['interactive']>['buttons'][number];

/** Maximum characters of a flow's JSON; a longer one is in `raw` only. */
const maxJson = 65_536;

/** Property names that must not be copied from untrusted input. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Parses the object in a flow's JSON text; undefined if it is not one. */
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

/** Reads a choice in a flow. A quick reply becomes a `button`, everything else a `flow`. */
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

/** Reads the buttons that one button of a flow represents: a list of choices becomes several. */
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
