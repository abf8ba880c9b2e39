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

test('a full disk is one sentence in the log, and a server error for the caller, who tries again', () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => {});
  expect(answerError(fullDatabase(), {}).status).toBe(500);
  expect(log.mock.calls).toEqual([
    ['The disk is full: nothing is stored until there is space again.'],
  ]);
  log.mockRestore();
});
