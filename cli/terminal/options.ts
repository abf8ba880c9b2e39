import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeUnknownName } from '../../events/nearest-name.ts';
import { isRegion } from '../../ops/aws/region.ts';
import { readDuration } from '../../ops/duration.ts';
import type { MessageFilter } from '../../ops/event-filter.ts';
import { allowedPorts, portOf } from '../../ops/port.ts';
import { printable } from '../../ops/printable.ts';
import { busTypes } from '../../ops/rules/read-event.ts';

/** Adds the options of {@link ConnectionOptions} in ops/aws/connect.ts. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'the stack in your AWS account; without it, the local run')
    .addOption(
      new Option('--stage <stage>', 'the stack of this stage in your AWS account').conflicts(
        'stack',
      ),
    )
    .option('--data <directory>', 'data directory of the local run (default: .fanout)')
    .option('--endpoint <url>', 'URL of the AWS APIs (default: those of the local run)', parseUrl)
    .option('--region <region>', 'AWS region', parseRegion)
    .option('--profile <name>', 'profile of your AWS configuration');
}

/** Adds example calls to the help of a command. */
export const addExamples = (command: Command, examples: readonly string[] = []): Command =>
  command.addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`);

/*
 * Parsers of options and arguments. Each throws an InvalidArgumentError that says what is allowed;
 * Commander prints it with the option's name.
 */

/** A duration such as `30s`, `15m`, `2h`, `3d`, above 0. Milliseconds. */
export function parseDuration(text: string): number {
  const ms = readDuration(text) ?? 0;
  if (ms > 0) {
    return ms;
  }
  throw new InvalidArgumentError('Give a duration such as 30s, 15m, 2h or 3d.');
}

const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A moment: `2h` ago (s, m, h, d), `now`, or ISO-8601 with its offset from UTC. Epoch milliseconds.
 */
export function parseMoment(text: string, now = Date.now()): number {
  if (text === 'now') {
    return now;
  }
  const ago = text.endsWith('ms') ? undefined : readDuration(text);
  const moment = ago !== undefined ? now - ago : iso.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) {
    return moment;
  }
  throw new InvalidArgumentError(
    'Give a time ago, such as 90s, 30m, 2h or 7d, or a time such as 2026-01-31T12:00:00Z.',
  );
}

/** An integer of 1 or more, for `--limit`. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count >= 1) {
    return count;
  }
  throw new InvalidArgumentError('Give an integer of 1 or more.');
}

/** An integer of 0 or more, for `--skip`. */
export function parseSkip(text: string): number {
  if (/^\d{1,9}$/.test(text)) {
    return Number(text);
  }
  throw new InvalidArgumentError('Give an integer of 0 or more.');
}

/** A number per second above 0, as `--rate` takes it: `50`, `0.5`, `50/s`. */
export function parseRate(text: string): number {
  const [, digits] = /^(\d{1,6}(?:\.\d{1,3})?)(?:\/s)?$/.exec(text) ?? [];
  if (digits !== undefined && Number(digits) > 0) {
    return Number(digits);
  }
  throw new InvalidArgumentError('Give a number per second, such as 50 or 0.5.');
}

/** A port number. */
export function parsePort(text: string): number {
  const port = portOf(text);
  if (port !== undefined) {
    return port;
  }
  throw new InvalidArgumentError(allowedPorts);
}

/**
 * An option for a port that defaults to an environment variable. The variable is read when the command runs,
 * so that an invalid value is an error of this command only.
 */
export const portOption = (flags: string, description: string, variable: string): Option =>
  new Option(flags, description).env(variable).argParser(parsePort);

/** Values of an option that may be repeated, or separated by commas. */
export function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  const values = text.split(',').filter((each) => each.trim() !== '');
  if (values.length === 0) {
    throw new InvalidArgumentError('It is empty.');
  }
  return [...earlier, ...values];
}

/** Event types, which must exist: a misspelt one would find nothing. */
export function collectTypes(text: string, earlier?: readonly string[]): readonly string[] {
  const types = collect(text, earlier);
  const unknown = types.find((type) => !busTypes.includes(type));
  if (unknown === undefined) {
    return types;
  }
  throw new InvalidArgumentError(describeUnknownName('event type', printable(unknown), busTypes));
}

/** The URL of a server. */
export function parseUrl(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    return text;
  }
  throw new InvalidArgumentError('Give a URL that begins with http:// or https://.');
}

/** The name of an AWS region, in form. */
function parseRegion(text: string): string {
  if (isRegion(text)) {
    return text;
  }
  throw new InvalidArgumentError('Give the name of an AWS region, such as eu-central-1.');
}

/** CDK context as `name=value`, of an option that may be repeated. */
export function collectContext(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Context is given as name=value.');
  }
  return { ...earlier, [name]: value };
}

/** Filters as they come from the command line. */
export interface FilterOptions {
  readonly type?: readonly string[];
  readonly session?: readonly string[];
  readonly chat?: readonly string[];
  readonly error?: string;
  /** Epoch milliseconds. */
  readonly since?: number;
}

/** Adds the filter options that the `dlq` commands share. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--type <type>', 'only this event type; may be repeated', collectTypes)
    .option('--session <session>', 'only this session; may be repeated', collect)
    .option('--chat <chat>', 'only this chat, by address or phone number', collect)
    .option('--error <text>', 'only messages whose error contains this text')
    .option('--since <time>', 'only messages sent since: 2h, 7d, 2026-01-31T12:00:00Z', (t) =>
      parseMoment(t),
    );
}

/** Converts the options to a filter. */
export function readFilter({ type, session, chat, error, since }: FilterOptions): MessageFilter {
  return { types: type, sessions: session, chats: chat, error, since };
}
