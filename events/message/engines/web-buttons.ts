import { own, ownText, present } from '../../own.ts';
import type { ContentParts } from '../content-data.ts';
import { readFlowButtons, readFlowChoice } from '../native-flow.ts';
import type { EngineReading } from './engine-reading.ts';
import { isObject, listOf } from './raw-value.ts';

type Button = NonNullable<ContentParts['interactive']>['buttons'][number];

/** Reads a choice: a button, a row of a list, or a response of a flow. */
export function readChoice(raw: unknown, body: string | undefined): EngineReading {
  const listed = own(raw, 'listResponse');
  const payload = own(raw, 'interactivePayload');
  if (ownText(raw, 'type') === 'interactive_response' || isObject(payload)) {
    const name = own(payload, 'name') ?? own(raw, 'nativeFlowName');
    const json = own(payload, 'paramsJson') ?? own(payload, 'responseMessage', 'paramsJson');
    const choice = readFlowChoice(name, json, body);
    return present({ content: 'choice', body: body ?? choice.title, choice });
  }
  if (isObject(listed)) {
    const title = ownText(listed, 'title') ?? body;
    return present({
      content: 'choice',
      body: title,
      choice: present({
        by: 'list' as const,
        id: ownText(listed, 'singleSelectReply', 'selectedRowId'),
        title,
        description: ownText(listed, 'description'),
      }),
    });
  }
  const buttonId =
    ownText(raw, 'selectedButtonId') ?? ownText(raw, 'buttonsResponse', 'selectedButtonId');
  const isTemplate = ownText(raw, 'type') === 'template_button_reply';
  const title = body ?? ownText(raw, 'buttonsResponse', 'selectedDisplayText');
  return present({
    content: 'choice',
    body: title,
    choice: present({
      by: isTemplate ? ('template' as const) : ('button' as const),
      id: buttonId ?? ownText(raw, 'selectedId'),
      title,
    }),
  });
}

/** Reads a message with buttons. */
export function readInteractive(
  raw: unknown,
  body: string | undefined,
  buttons: readonly Button[],
): EngineReading {
  const list = own(raw, 'list');
  return present({
    content: 'interactive',
    body: body ?? ownText(list, 'description'),
    interactive: present({
      header:
        ownText(raw, 'interactiveHeader', 'title') ??
        ownText(raw, 'title') ??
        ownText(list, 'title'),
      footer: ownText(raw, 'footer') ?? ownText(list, 'footerText'),
      buttons: [...buttons],
    }),
  });
}

/** Reads the buttons of a message from all fields that may contain them. */
export function readButtons(raw: unknown): readonly Button[] {
  const reply = listOf(own(raw, 'dynamicReplyButtons')).map((button) =>
    present({
      type: 'quick_reply',
      title: ownText(button, 'buttonText', 'displayText'),
      id: ownText(button, 'buttonId'),
    }),
  );
  const list = own(raw, 'list');
  const rows = listOf(own(list, 'sections'))
    .flatMap((section) => listOf(own(section, 'rows')))
    .map((row) =>
      present({
        type: 'row',
        title: ownText(row, 'title'),
        id: ownText(row, 'rowId'),
        value: ownText(row, 'description'),
      }),
    );
  const open = isObject(list)
    ? [present({ type: 'single_select', title: ownText(list, 'buttonText') })]
    : [];
  const flows = [
    ...listOf(own(raw, 'nativeFlowButtons')),
    ...listOf(own(raw, 'interactivePayload', 'buttons')),
  ].flatMap((button) => readFlowButtons(own(button, 'name'), own(button, 'buttonParamsJson')));
  const hydrated = listOf(own(raw, 'hydratedButtons')).flatMap(readHydratedButton);
  return [...reply, ...open, ...rows, ...flows, ...hydrated];
}

function readHydratedButton(button: unknown): Button[] {
  const reply = own(button, 'quickReplyButton');
  const url = own(button, 'urlButton');
  const call = own(button, 'callButton');
  const title = ownText(reply ?? url ?? call, 'displayText');
  if (reply) {
    return [present({ type: 'quick_reply', title, id: ownText(reply, 'id') })];
  }
  if (url) {
    return [present({ type: 'cta_url', title, value: ownText(url, 'url') })];
  }
  return call ? [present({ type: 'cta_call', title, value: ownText(call, 'phoneNumber') })] : [];
}
