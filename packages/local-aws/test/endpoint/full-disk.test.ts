import { DatabaseSync } from 'node:sqlite';
import { expect, jest, test } from '@jest/globals';
import { answerError } from '../../src/endpoint/aws-endpoint.ts';

/** What SQLite throws when there is no space. */
function fullDatabase(): unknown {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA max_page_count = 2; CREATE TABLE events (body TEXT)');
  try {
    db.prepare('INSERT INTO events VALUES (?)').run('x'.repeat(100_000));
    return undefined;
  } catch (error) {
    return error;
  } finally {
    db.close();
  }
}

test('a full disk is one sentence for the caller, who tries again, and in the log once a minute', () => {
  jest.useFakeTimers();
  const log = jest.spyOn(console, 'error').mockImplementation(() => {});
  const sentence = 'The disk is full: nothing is stored until there is space again.';
  const enospc = Object.assign(new Error('write'), { code: 'ENOSPC' });
  for (const error of [fullDatabase(), fullDatabase(), enospc]) {
    const { status, body } = answerError(error, {});
    expect([status, JSON.parse(String(body)).message]).toEqual([500, sentence]);
  }
  expect(log.mock.calls).toEqual([[sentence]]);
  jest.setSystemTime(Date.now() + 60_000);
  answerError(fullDatabase(), {});
  expect(log.mock.calls).toEqual([[sentence], [sentence]]);
  log.mockRestore();
  jest.useRealTimers();
});
