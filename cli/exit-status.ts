/** The exit statuses of all commands. */
export const exitStatus = {
  ok: 0,
  failed: 1,
  usage: 2,
  unknown: 3,
  interrupted: 130,
} as const;

/** What each status says, for help and documents. */
export const exitStatusMeanings: readonly (readonly [status: number, meaning: string])[] = [
  [exitStatus.ok, 'done; status, doctor: no problem'],
  [exitStatus.failed, 'failed, or found a problem; explain, rules: no consumer receives it'],
  [exitStatus.usage, 'wrong usage: an unknown command, option or name, or a wrong value'],
  [exitStatus.unknown, 'status, doctor: a check could not run, so the state is unknown'],
  [exitStatus.interrupted, 'interrupted by Ctrl-C, also at a question'],
];
