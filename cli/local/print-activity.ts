import type { LocalObserver } from '../../local/local-observer.ts';

/** Says what happens in a local run: one line for each line of a function's log and each failure. */
export function printActivity(say: (line: string) => void): LocalObserver {
  return {
    logged: ({ functionName, text, kind }) => {
      if (text.includes('"_aws"')) return;
      say(`${kind === 'platform' ? '·' : '│'} ${functionName}  ${text}`);
    },
    routed: (observation) => {
      if (observation.kind === 'deadLettered' || observation.kind === 'dropped') {
        const { eventId, rule, targetArn, errorCode } = observation;
        say(`✗ ${observation.kind}  ${eventId}  rule ${rule}  target ${targetArn}  ${errorCode}`);
      }
    },
  };
}
