import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { AwsAccess } from './aws/connect.ts';

/** The description of an action before it starts. */
export interface AuditedAction {
  readonly action: 'redrive' | 'purge' | 'export' | 'import' | 'replay';
  readonly stack: string;
  readonly queue: string;
  /** Without personal data. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** The reason given by the user. */
  readonly reason?: string;
}

/** Keeps the record of one action. */
export interface Audit {
  /** Adds the outcome. */
  finish(outcome: Readonly<Record<string, unknown>>): void;
}

/** Default of `--audit`: the file of the audit log. */
export const defaultAuditFile = '.fanout/audit.ndjson';

/**
 * Appends the record of an action to a file: one line before it starts, so that no action is unrecorded, and
 * one with the same `id` when it has ended. If the second line is missing, the action was killed.
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

/** Containers may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
