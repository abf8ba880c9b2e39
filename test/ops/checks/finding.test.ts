import { describe, expect, test } from '@jest/globals';
import { attempt } from '../../../ops/checks/finding.ts';

describe('a check that throws', () => {
  test.each([
    ['a sentence', 'The table cannot be read.', 'The table cannot be read.'],
    [
      'what Node.js prints of an uncaught error',
      'The app does not synthesize (node app.ts):\nfile:///app/lib/check.ts:58\n    throw new Error(wrong);\n          ^\n\nError: The consumer "bad" has the setting "memory".\nIt has: summary.\n    at check (file:///app/lib/check.ts:58:11)',
      'The app does not synthesize (node app.ts): The consumer "bad" has the setting "memory". It has: summary.',
    ],
  ])('is a finding in one line: %s', async (_what, message, what) => {
    const findings = await attempt('deployment', () => Promise.reject(new Error(message)));
    expect(findings).toEqual([
      { level: 'unknown', about: 'deployment', name: undefined, what, facts: { error: 'Error' } },
    ]);
  });
});
