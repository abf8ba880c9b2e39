import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { licencesIn } from '../../../tools/docs/licences-page.ts';

const lock = JSON.parse(
  readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'),
);

const locked = (license: string | undefined, dev = false) => ({
  packages: { 'node_modules/other': { version: '1.0.0', license, dev } },
});

describe('licences', () => {
  test('of all dependencies are allowed', () => {
    const all = licencesIn(lock);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });

  test.each(['GPL-3.0-only', 'AGPL-3.0-or-later', 'SEE LICENSE IN LICENSE', undefined, 'MPL-2.0'])(
    'such as %s are not allowed in what users install',
    (license) => {
      expect(licencesIn(locked(license))).toMatchObject([{ isAllowed: false }]);
    },
  );

  test('to choose from are allowed when one of them is', () => {
    expect(licencesIn(locked('(MIT OR GPL-3.0-or-later)'))).toMatchObject([{ isAllowed: true }]);
    expect(licencesIn(locked('MPL-2.0', true))).toMatchObject([{ isAllowed: true }]);
  });
});
