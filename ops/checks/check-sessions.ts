import { viewSessions } from '../../cli/state/sessions.ts';
import { stateKeys } from '../../events/state/state-keys.ts';
import type { StateReader } from '../state/state-reader.ts';
import { type Finding, findingsOn } from './finding.ts';

/** States of a session (WAHA, `session.status`) in which it works, or soon will by itself. */
const online: ReadonlySet<string | undefined> = new Set(['WORKING', 'STARTING']);

/** The WhatsApp sessions, as they last said. One that is not online sends no events. */
export async function checkSessions(
  reader: Pick<StateReader, 'partition'>,
): Promise<readonly Finding[]> {
  const sessions = viewSessions(await reader.partition(stateKeys.sessions));
  return sessions.flatMap(({ session, status, since }) =>
    findingsOn('session', session, online.has(status) ? [] : [adviceFor(status)], {
      status,
      since,
    }),
  );
}

function adviceFor(status: string | undefined): string {
  if (status === 'SCAN_QR_CODE') return 'It waits for somebody to scan its QR code.';
  if (status === 'STOPPED') return 'It was stopped: start it in the sender, if that was not meant.';
  if (status?.startsWith('PASSKEY')) return 'It waits for a passkey.';
  return `It is ${status ?? 'in no known state'}: restart it in the sender.`;
}
