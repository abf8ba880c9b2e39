/** What the page of costs compares: settings beside the defaults. */
export interface CostOption {
  readonly name: string;
  readonly settings: Readonly<Record<string, string | number>>;
}

/** What a busy account can do without: told as `message.any` too, seen by nobody, or not asked for. */
const noise = 'presence:drop,engine:drop,message:drop,message.ack.group:drop';

/** Everything that saves money without making a promise smaller: duplicates are found, nothing is lost. */
const frugal = {
  frontDoor: 'function-url',
  keepState: 'none',
  archiveDays: 0,
  stateBatchSeconds: 20,
  authentication: 'hmac',
  alarms: 'off',
  dashboard: 'off',
  logDataProtection: 'off',
} as const;

/** In the order of the page. */
export const costOptions: readonly CostOption[] = [
  { name: 'as it comes', settings: {} },
  { name: 'state of messages too', settings: { keepState: 'all' } },
  { name: 'the same for 90 days', settings: { keepState: 'all', stateDays: 90 } },
  { name: 'no archive', settings: { archiveDays: 0 } },
  { name: 'function URL', settings: { frontDoor: 'function-url' } },
  { name: 'no ledger', settings: { deduplicate: 'none' } },
  { name: 'no alarms, no dashboard', settings: { alarms: 'off', dashboard: 'off' } },
  { name: 'noise left out', settings: { noise } },
  { name: 'function URL, noise left out', settings: { frontDoor: 'function-url', noise } },
  { name: 'frugal', settings: frugal },
  { name: 'frugal, no ledger', settings: { ...frugal, deduplicate: 'none' } },
  { name: 'frugal, noise left out', settings: { ...frugal, noise } },
];
