import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStore, type Store } from '../src/store.ts';

let directory: string;
let store: Store;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fanout-store-'));
  store = openStore(directory, { grouped: true });
  store.db.exec('CREATE TABLE notes (text TEXT NOT NULL UNIQUE) STRICT');
});
afterEach(() => {
  if (store.db.isOpen) {
    store.close();
  }
  rmSync(directory, { recursive: true });
});

const write = (text: string) =>
  store.transaction(() => store.db.prepare('INSERT INTO notes VALUES (?)').run(text));
const notes = (db = store.db) =>
  db
    .prepare('SELECT text FROM notes ORDER BY rowid')
    .all()
    .map(({ text }) => text);

describe('transactions of the same moment', () => {
  test('are committed together, and every waiting caller is notified then', async () => {
    const subscribed: string[] = [];
    write('one');
    write('two');
    store.whenCommitted(() => subscribed.push(store.db.isTransaction ? 'too early' : 'committed'));
    expect([store.db.isTransaction, subscribed]).toEqual([true, []]);
    await store.committed();
    expect([store.db.isTransaction, subscribed]).toEqual([false, ['committed']]);
    expect(store.committed()).toBeUndefined();
    store.whenCommitted(() => subscribed.push('at once'));
    expect(subscribed).toEqual(['committed', 'at once']);
  });

  test('are each atomic', async () => {
    write('one');
    expect(() =>
      store.transaction(() => {
        write('two');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(() => write('one')).toThrow(/UNIQUE/);
    const subscribed: string[] = [];
    expect(() =>
      store.transaction(() => {
        store.whenCommitted(
          () => subscribed.push('committed'),
          () => subscribed.push('not committed'),
        );
        throw new Error('no');
      }),
    ).toThrow('no');
    write('three');
    await store.committed();
    expect([notes(), subscribed]).toEqual([['one', 'three'], ['not committed']]);
  });

  test('that cannot be committed reject for every waiting caller, and the store stays usable', async () => {
    store.db.exec('CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT');
    store.db.exec(
      'CREATE TABLE children (id INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED) STRICT',
    );
    store.db.exec('PRAGMA foreign_keys = ON');
    const subscribed: string[] = [];
    write('one');
    // A deferred constraint is checked at the commit, and fails it.
    store.transaction(() => store.db.exec('INSERT INTO children VALUES (1)'));
    store.whenCommitted(
      () => subscribed.push('committed'),
      () => subscribed.push('not committed'),
    );
    await expect(store.committed()).rejects.toThrow(/FOREIGN KEY/);
    expect([subscribed, notes()]).toEqual([['not committed'], []]);
    write('two');
    await store.committed();
    expect(notes()).toEqual(['two']);
  });

  test('are committed when the store is closed', () => {
    write('one');
    store.close();
    const db = new DatabaseSync(join(directory, 'fanout.sqlite'));
    expect(notes(db)).toEqual(['one']);
    db.close();
  });
});
