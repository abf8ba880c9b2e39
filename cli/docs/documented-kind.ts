import { catalog } from '../../events/catalog.ts';
import { derived } from '../../events/derived.ts';
import type { EnvelopeOf } from '../../events/envelope.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import type { AnyKind } from '../../events/kind.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { missedCall } from '../../events/missed-call.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { type WorkedExample, workExample } from './worked-example.ts';

/** What documents say of one detail-type on the bus. */
export interface DocumentedKind {
  readonly type: string;
  readonly category: string;
  readonly summary: string;
  readonly deprecated?: string | undefined;
  readonly variants: readonly string[];
  readonly data: LazySchema;
  readonly key: { readonly name: string; readonly rule: string };
  /** Which fields of `meta` the payload itself can fill. */
  readonly fills: {
    readonly chat: boolean;
    readonly fromMe: boolean;
    readonly occurredAt: boolean;
  };
  readonly examples: readonly WorkedExample[];
}

/** Every detail-type on the bus: the catalog's kinds, what is derived of them, and `unrecognized`. */
export function documentedKinds(): readonly DocumentedKind[] {
  const kinds = Object.values(catalog) as unknown as readonly CatalogEntry[];
  return [...kinds.map(fromCatalog), documentedMissedCall(), documentedUnrecognized()];
}

type CatalogEntry = AnyKind & { readonly type: keyof typeof catalog; readonly category: string };

function fromCatalog(kind: CatalogEntry): DocumentedKind {
  const { type, category, summary, deprecated, variants, data, key, examples } = kind;
  const repeats = JSON.stringify(examples.wawp) === JSON.stringify(examples.waha);
  return {
    ...{ type, category, summary, deprecated, variants, data, key },
    fills: {
      chat: kind.chat !== undefined,
      fromMe: kind.fromMe !== undefined,
      occurredAt: kind.occurredAt !== undefined,
    },
    examples: [
      workExample('WAHA', exampleWebhook(type, 'waha')),
      ...(repeats ? [] : [workExample('Wawp', exampleWebhook(type, 'wawp'))]),
    ],
  };
}

function documentedMissedCall(): DocumentedKind {
  const ended = workExample('The end of a call', exampleWebhook('call.rejected', 'waha'));
  const detail = missedCall(ended.detail as EnvelopeOf<'call.rejected'>);
  return {
    ...derived['call.missed'],
    fills: { chat: true, fromMe: false, occurredAt: true },
    examples: [{ ...ended, detail }],
  };
}

function documentedUnrecognized(): DocumentedKind {
  const unknown = { ...exampleWebhook('chat.archive', 'waha'), event: 'chat.moved' };
  const misshapen = { ...exampleWebhook('chat.archive', 'wawp'), payload: { archived: 'yes' } };
  return {
    ...unrecognized,
    variants: [
      'A webhook whose `event` the catalog does not know: a newer version of the sender.',
      'A known event whose payload has another shape than any known one.',
      'A body that is no JSON, or JSON that is no webhook.',
    ],
    key: {
      name: unrecognized.type,
      rule: 'The sender’s event id where the body has one, else the text of the body, which a retry repeats byte for byte.',
    },
    fills: { chat: false, fromMe: false, occurredAt: false },
    examples: [
      workExample('An event that nobody knows yet', unknown),
      workExample('A payload of another shape', misshapen),
    ],
  };
}
