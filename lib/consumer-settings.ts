import { isEndpoint, isList, isRecord, isTexts, matching, whole } from './allowed-value.ts';
import type { ConsumerKind, RowOf } from './consumer-row.ts';
import { type ConsumerSetting, every, queued, ruleDelivery } from './consumer-setting.ts';

/** Every setting of every kind of consumer. Checks, errors and docs are made from it. */
export const consumerSettings = {
  function: {
    ...queued,
    entry: {
      summary: 'The handler’s source, which exports `handler`',
      default: '`lambdas/consumers/<name>.ts`',
      ...matching(/^.+\.[cm]?[jt]s$/, 'the path of a TypeScript or JavaScript file'),
    },
    batchSize: {
      summary: 'Messages in one batch at most; more than 10 need a `batchWindowSeconds`',
      default: '10',
      ...whole(1, 10_000),
    },
    batchWindowSeconds: {
      summary: 'Seconds that a batch may wait to get full',
      default: '0; with `keepsState` the setting `stateBatchSeconds`',
      ...whole(0, 300),
    },
    concurrency: {
      summary: 'Batches at the same time at most',
      default: 'as many as Lambda lets through',
      ...whole(2, 1_000),
    },
    timeoutSeconds: {
      summary: 'Seconds that one batch may take; the visibility timeout is six times as long',
      default: '30',
      ...whole(1, 900),
    },
    memoryMb: {
      summary: 'Memory in MB',
      default: 'the setting `consumerMemoryMb`',
      ...whole(128, 10_240),
    },
    idempotent: {
      summary: 'Whether each event id has its effect at most once',
      default: 'false',
      expected: 'true or false',
      allows: (value: unknown) => typeof value === 'boolean',
    },
    keepsState: {
      summary:
        'Whether it has a part of the state table (`STATE_TABLE`), under its own name; `if-asked`: where the setting `keepState` names it or is `all`',
      default: 'false',
      expected: 'true, false or if-asked',
      allows: (value: unknown) => typeof value === 'boolean' || value === 'if-asked',
    },
    publishes: {
      summary: 'Whether it may put events on the bus (`BUS_NAME`)',
      default: 'false',
      expected: 'true or false',
      allows: (value: unknown) => typeof value === 'boolean',
    },
    environment: {
      summary: 'Environment variables; not for secrets',
      default: 'none',
      expected: 'texts by names of letters, digits and _',
      allows: (value: unknown) =>
        isRecord(value) &&
        Object.entries(value).every(
          ([name, text]) => /^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(name) && typeof text === 'string',
        ),
      isPrivate: true,
    },
    permissions: {
      summary: 'What the function may do besides consuming its queue',
      default: 'nothing',
      expected: 'a list of { actions, resources, conditions? } with texts in it',
      allows: (value: unknown) =>
        isList(value, (item) => isRecord(item) && isTexts(item.actions) && isTexts(item.resources)),
    },
  },
  queue: {
    ...queued,
    visibilityTimeoutSeconds: {
      summary: 'Seconds that a message is hidden once it was given out',
      default: '180',
      ...whole(0, 43_200),
    },
    readableBy: {
      summary: 'Other AWS accounts that may read the queue',
      default: 'none',
      expected: 'a list of account ids of 12 digits',
      allows: (value: unknown) =>
        isList(value, (item) => typeof item === 'string' && /^\d{12}$/.test(item)),
    },
  },
  https: {
    ...every,
    ...ruleDelivery,
    endpoint: {
      summary: 'Where to; `http:` is for a server on this machine in a local run',
      expected: 'an https: URL without credentials, or an http: URL of this machine',
      allows: isEndpoint,
      isPrivate: true,
    },
    method: {
      summary: 'HTTP method',
      default: 'POST',
      expected: 'one of POST, PUT, PATCH',
      allows: (value: unknown) => ['POST', 'PUT', 'PATCH'].includes(value as string),
    },
    secretHeader: {
      summary: 'Name of the header that carries the secret',
      default: '`x-api-key`',
      ...matching(/^[A-Za-z0-9-]{1,100}$/, 'a header name of letters, digits and hyphens'),
    },
    secretName: {
      summary: 'Name of a secret in Secrets Manager, whose whole text is sent',
      default: 'one is generated; give it to the endpoint',
      ...matching(/^[\w/+=.@-]{1,512}$/, 'the name of a secret'),
    },
    ratePerSecond: {
      summary: 'Requests a second at most; what is above waits',
      default: '300',
      ...whole(1, 300),
    },
  },
  bus: {
    ...every,
    busArn: {
      summary: 'ARN of the bus; one in another account must let this account put events on it',
      ...matching(
        /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/,
        'the ARN of an event bus',
      ),
    },
  },
  firehose: {
    ...every,
    ...ruleDelivery,
    bufferSeconds: {
      summary: 'Seconds after which a file is written',
      default: '300',
      ...whole(0, 900),
    },
    bufferMegabytes: {
      summary: 'MB after which a file is written earlier',
      default: '5',
      ...whole(1, 128),
    },
    expireDays: { summary: 'Days that files are kept', default: '365', ...whole(1, 36_500) },
  },
  target: {
    ...every,
    ...ruleDelivery,
    target: {
      summary: 'An `IRuleTarget`, or a function that makes one of the undeliverable queue',
      expected: 'an IRuleTarget or a function',
      allows: (value: unknown) =>
        typeof value === 'function' ||
        (typeof value === 'object' && value !== null && 'bind' in value),
      isPrivate: true,
    },
  },
} as const satisfies {
  [K in ConsumerKind]: { [S in Exclude<keyof RowOf<K>, 'kind'>]-?: ConsumerSetting };
};
