import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { AwsAccess } from './aws/connect.ts';

/** Describes an audited action before it starts. */
export interface AuditedAction {
  readonly action: 'redrive' | 'purge' | 'export' | 'import' | 'replay';
  readonly stack: string;
  readonly queue: string;
  /** The message filter, without personal data. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** The reason given by the user. */
  readonly reason?: string;
}

/** The audit record of one action. */
export interface Audit {
  /** Writes the outcome. */
  finish(outcome: Readonly<Record<string, unknown>>): void;
}

/** Default of `--audit`: the file of the audit log. */
export const defaultAuditFile = '.fanout/audit.ndjson';

/**
 * Appends to the audit log who does what, when and why. One line is written before the action starts, so that
 * nothing happens unrecorded, and one with the same `id` when it has ended. A first line without a second one
 * means that the process was killed.
 *
 * @throws when the file cannot be written; then nothing is done
 */
export async function beginAudit(
  file: string,
  access: AwsAccess,
  action: AuditedAction,
): Promise<Audit> {
  const id = crypto.randomUUID();
  const accessKeyId = await access.accessKeyId();
  const write = (line: Readonly<Record<string, unknown>>) =>
    appendFileSync(file, `${JSON.stringify({ id, at: new Date().toISOString(), ...line })}\n`, {
      mode: 0o600,
    });
  try {
    mkdirSync(dirname(file), { recursive: true });
    write({ event: 'begun', who: { user: userName(), host: hostname(), accessKeyId }, ...action });
  } catch (error) {
    throw new Error(
      `The audit record cannot be written (${(error as Error).message}), so nothing was done. Choose another file with --audit.`,
      { cause: error },
    );
  }
  return { finish: (outcome) => write({ event: 'ended', action: action.action, ...outcome }) };
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
