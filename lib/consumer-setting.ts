import { type Category, catalog } from '../events/catalog.ts';
import { unrecognized } from '../events/unrecognized.ts';
import { type AllowedValue, isEventPattern, isList, matching, whole } from './allowed-value.ts';

/** One setting of a consumer: what it is, and what may stand there. */
export interface ConsumerSetting extends AllowedValue {
  readonly summary: string;
  /** In words. A setting without a default must be there. */
  readonly default?: string;
  /** Whether a wrong value may be personal or secret, so that no error repeats it. */
  readonly isPrivate?: boolean;
}

const categories: readonly string[] = [
  ...new Set(Object.values(catalog).map(({ category }): Category => category)),
  unrecognized.category,
];

/** Settings of consumers of every kind. */
export const every = {
  summary: {
    summary: 'One sentence for the docs and for the rule’s description',
    ...matching(/^[^\r\n]{1,400}$/, 'one line of 1 to 400 characters'),
  },
  hears: {
    summary: 'The categories of events that its rule lets through',
    default: 'none: then there is a `pattern`',
    expected: `a list of categories: ${categories.join(', ')}`,
    allows: (value: unknown) =>
      isList(value, (item) => categories.includes(item as string)) &&
      new Set(value as unknown[]).size === (value as unknown[]).length,
  },
  pattern: {
    summary: 'Instead of categories: an event pattern of its own, made with `pattern()`',
    default: 'the categories in `hears`',
    expected: 'an event pattern of at most 2048 characters, as EventBridge takes it',
    allows: isEventPattern,
  },
};

/** Settings of those that EventBridge delivers to with retries. */
export const ruleDelivery = {
  retryAttempts: {
    summary: 'Attempts of EventBridge after the first one; then the undeliverable queue',
    default: '185',
    ...whole(0, 185),
  },
  maxAgeMinutes: {
    summary: 'Minutes after which EventBridge gives up; then the undeliverable queue',
    default: '1440',
    ...whole(1, 1_440),
  },
};

/** Settings of those with a queue. */
export const queued = {
  ...every,
  ...ruleDelivery,
  maxReceiveCount: {
    summary: 'How often a message is given out; then the dead-letter queue',
    default: '5',
    ...whole(1, 1_000),
  },
  retentionDays: {
    summary: 'Days that an unread event stays in the queue',
    default: 'the setting `queueRetentionDays`',
    ...whole(1, 13),
  },
  alarmAgeMinutes: {
    summary: 'Minutes after which an alarm says that the oldest event is too old; 0 for no alarm',
    default: '15 with a function, or twelve of its timeouts; else three quarters of the retention',
    ...whole(0, 18_720),
  },
};
