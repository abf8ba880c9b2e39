import { styleText } from 'node:util';
import type { LogLine, Observation } from '@event-fanout/local-aws';
import type { FanOut } from './fan-out.ts';
import { nameOf } from './name-of.ts';

/** One line for an event that has come onto a bus: when, what, from whom, where to, how fast. */
export function formatFanOut({ time, type, session, queues, ms }: FanOut): string {
  const cells = [
    styleText('dim', time.slice(11, 23)),
    styleText('bold', printable(type)),
    ...(session === undefined ? [] : [printable(session)]),
    queues.length > 0 ? `→ ${queues.join(', ')}` : styleText('yellow', '→ no queue'),
    ...(ms === undefined ? [] : [styleText('dim', `${ms} ms`)]),
  ];
  return cells.join('  ');
}

/** One line for what went wrong on the way to a target; undefined for what did not. */
export function formatFailure(observation: Observation): string | undefined {
  switch (observation.kind) {
    case 'failed': {
      const { rule, targetArn, errorCode, retryInMs } = observation;
      const seconds = Math.round(retryInMs / 1000);
      return styleText(
        'yellow',
        `! not delivered  rule ${rule}  to ${nameOf(targetArn)}  ${errorCode}  again in ${seconds} s`,
      );
    }
    case 'deadLettered': {
      const { rule, targetArn, errorCode, queueArn } = observation;
      return styleText(
        'red',
        `✗ given up  rule ${rule}  to ${nameOf(targetArn)}  ${errorCode}  → ${nameOf(queueArn)}`,
      );
    }
    case 'dropped': {
      const { rule, targetArn, errorCode } = observation;
      return styleText(
        'red',
        `✗ lost  rule ${rule}  to ${nameOf(targetArn)}  ${errorCode}  (its target has no dead-letter queue)`,
      );
    }
    default:
      return undefined;
  }
}

const colours = ['cyan', 'magenta', 'blue', 'green', 'yellow'] as const;

/** One line of a function's log behind its name, in a colour of its own; undefined for metrics. */
export function formatLogLine({ functionName, text, kind }: LogLine): string | undefined {
  if (text.includes('"_aws"')) return undefined;
  const sum = [...functionName].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const name = styleText(colours[sum % colours.length] ?? 'cyan', functionName);
  const mark = kind === 'platform' ? '·' : '│';
  return text
    .split('\n')
    .map((line) => `${name} ${mark} ${printable(shorten(line))}`)
    .join('\n');
}

/** A structured line without what the eye knows: `{"level":"INFO","message":…}` as `INFO …`. */
function shorten(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { timestamp: _, level, requestId: __, message, ...rest } = JSON.parse(line);
    if (typeof level !== 'string' || message === undefined) return line;
    const { message: text, ...about } =
      typeof message === 'object' && message ? message : { message };
    const more = Object.entries({ ...about, ...rest });
    return [level, text, ...more.map(([key, value]) => `${key}=${inOneWord(value)}`)].join('  ');
  } catch {
    return line;
  }
}

const inOneWord = (value: unknown) =>
  typeof value === 'string' && value !== '' && !/\s/.test(value) ? value : JSON.stringify(value);

/** Foreign text without what would steer the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}
