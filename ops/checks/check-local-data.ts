import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openStore } from '@event-fanout/local-aws/store';
import type { Finding } from './finding.ts';

/** Where a local run is looked for. */
export interface LocalPlace {
  /** The URL of the front door. */
  readonly frontDoor: string;
  /** Where accepted events are kept. */
  readonly data: string;
}

/** What answers at the front door's port, and whether the data of local runs can be used. */
export async function checkLocalData({ frontDoor, data }: LocalPlace): Promise<readonly Finding[]> {
  const answer = await knock(frontDoor);
  return [portFinding(frontDoor, answer), ...dataFindings(resolve(data), answer === 'run')];
}

type Answer = 'run' | 'nobody' | 'somebody';

async function knock(origin: string): Promise<Answer> {
  try {
    const response = await fetch(`${origin}/health`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(2_000),
    });
    return (await response.text()).includes('"ready"') ? 'run' : 'somebody';
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return code === 'ECONNREFUSED' ? 'nobody' : 'somebody';
  }
}

function portFinding(origin: string, answer: Answer): Finding {
  const about = 'local run';
  if (answer === 'run') return { level: 'ok', about, what: `It listens at ${origin}.` };
  if (answer === 'nobody') {
    return { level: 'ok', about, what: `None listens at ${origin}, and the port is free.` };
  }
  return {
    ...{ level: 'warning', about, what: `Another program listens at ${origin}.` },
    why: 'A local run cannot start there, and what is sent there goes to that program.',
    todo: 'Stop that program, or choose another port: PORT=3001 npm start',
  };
}

function dataFindings(directory: string, isRunning: boolean): readonly Finding[] {
  const about = 'local data';
  const file = join(directory, 'fanout.sqlite');
  if (!existsSync(file)) return [{ level: 'ok', about, what: `There is none in ${directory}.` }];
  const findings: Finding[] = [];
  if ((statSync(directory).mode & 0o077) !== 0) {
    findings.push({
      ...{ level: 'warning', about, what: `Others on this machine may look into ${directory}.` },
      why: 'Messages of people are in it.',
      todo: `chmod 700 '${directory}'`,
    });
  }
  if (!isRunning) findings.push(...openFindings(directory, about));
  return findings.length > 0
    ? findings
    : [{ level: 'ok', about, what: `It lies in ${directory} and can be used.` }];
}

/** Opens and closes it, as a run would: the lock and the format are what can be wrong. */
function openFindings(directory: string, about: string): readonly Finding[] {
  try {
    openStore(directory).close();
    return [];
  } catch (error) {
    return [
      {
        ...{ level: 'warning', about, what: (error as Error).message },
        why: 'A local run does not start on it.',
        todo: 'Stop the run that has it, or start with --data and another directory.',
      },
    ];
  }
}
