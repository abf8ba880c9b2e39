import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

interface OpenGroup {
  readonly settled: PromiseWithResolvers<void>;
  readonly followers: { readonly then: () => void; readonly otherwise: () => void }[];
}

/**
 * Commits several transactions together, because the commit is most of the cost of a small
 * transaction. A group is open for one iteration of the event loop: requests that arrive together
 * are written together, and a single request does not wait.
 *
 * Each transaction is still atomic by itself. Await `committed` before a result of a transaction
 * leaves the process.
 */
class CommitGroup {
  readonly #db: DatabaseSync;
  readonly #statements: Readonly<Record<'begin' | 'commit' | 'mark' | 'release', StatementSync>>;
  readonly #rollBack: StatementSync;
  #open: OpenGroup | undefined;
  #isWorking = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = {
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
      mark: db.prepare('SAVEPOINT work'),
      release: db.prepare('RELEASE work'),
    };
    this.#rollBack = db.prepare('ROLLBACK TO work');
  }

  /** Runs `work` (synchronous) atomically: when it throws, nothing of it is written. */
  run<T>(work: () => T): T {
    if (this.#isWorking) {
      return work();
    }
    this.#open ??= this.#begin();
    const followers = this.#open.followers.length;
    this.#statements.mark.run();
    this.#isWorking = true;
    try {
      const result = work();
      this.#statements.release.run();
      return result;
    } catch (error) {
      this.#undo(error, followers);
      throw error;
    } finally {
      this.#isWorking = false;
    }
  }

  /**
   * Resolves when everything written so far is committed; undefined when it already is. Rejects
   * when the commit failed, so that nothing was written.
   */
  committed(): Promise<void> | undefined {
    return this.#open?.settled.promise;
  }

  /**
   * Calls `then` when everything written so far is committed, `otherwise` when the commit fails.
   */
  whenCommitted(then: () => void, otherwise = () => {}): void {
    if (this.#open) {
      this.#open.followers.push({ then, otherwise });
    } else {
      then();
    }
  }

  /** Commits the open group. */
  commit(): void {
    const group = this.#open;
    if (!group) {
      return;
    }
    this.#open = undefined;
    try {
      this.#statements.commit.run();
    } catch (error) {
      if (this.#db.isTransaction) {
        this.#db.exec('ROLLBACK');
      }
      fail(group, error);
      return;
    }
    group.settled.resolve();
    for (const { then } of group.followers) {
      then();
    }
  }

  #begin(): OpenGroup {
    this.#statements.begin.run();
    const settled = Promise.withResolvers<void>();
    // Not every caller that writes awaits it.
    settled.promise.catch(() => {});
    // The second iteration includes what arrived during the first.
    setImmediate(() => setImmediate(() => this.commit()));
    return { settled, followers: [] };
  }

  /**
   * An error of the database itself (a full disk) may have rolled back the transaction of the
   * entire group.
   */
  #undo(error: unknown, followersBefore: number): void {
    const group = this.#open;
    if (this.#db.isTransaction) {
      this.#rollBack.run();
      this.#statements.release.run();
      for (const { otherwise } of group?.followers.splice(followersBefore) ?? []) {
        otherwise();
      }
      return;
    }
    this.#open = undefined;
    if (group) {
      fail(group, error);
    }
  }
}

function fail({ settled, followers }: OpenGroup, error: unknown): void {
  settled.reject(error);
  for (const { otherwise } of followers) {
    otherwise();
  }
}

/** The format of the data on disk. Raise it when a table changes in a way old code cannot read. */
const formatVersion = 3;

/** 16 MB. SQLite's default of 4 MB is full each second under load, and is then written back and synced. */
const pagesBeforeCheckpoint = 4_000;
const cacheKib = 16 * 1024;

/**
 * The local run's persistent state: one SQLite database in which each service has its own tables.
 */
export interface Store {
  readonly db: DatabaseSync;
  /** Runs `work` (synchronous) in one transaction; joins the transaction that is already open. */
  transaction<T>(work: () => T): T;
  /**
   * Resolves when everything written so far is committed; undefined when it already is. Rejects
   * when the commit failed. Await it before a result leaves the process. See {@link CommitGroup}.
   */
  committed(): Promise<void> | undefined;
  /**
   * Calls `then` when everything written so far is committed (at once if it is), `otherwise` if the
   * commit fails.
   */
  whenCommitted(then: () => void, otherwise?: () => void): void;
  close(): void;
}

/** Options of a store. */
interface StoreOptions {
  /** Whether transactions of the same moment are committed together. @default false: each at once */
  readonly grouped?: boolean;
}

/**
 * Opens the store in a directory, or in memory when none is given. Committed transactions survive
 * `kill -9` (write-ahead log). A second process on the same directory is refused: the first holds
 * SQLite's exclusive lock, which the operating system releases however that process ends.
 */
export function openStore(directory?: string, { grouped = false }: StoreOptions = {}): Store {
  const db = new DatabaseSync(directory ? createPrivateFile(directory) : ':memory:');
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    // Pages that change often are written back once for many changes.
    db.exec(`PRAGMA wal_autocheckpoint = ${pagesBeforeCheckpoint}`);
    db.exec(`PRAGMA cache_size = -${cacheKib}`);
    db.exec('BEGIN EXCLUSIVE');
    db.exec('COMMIT');
  } catch (error) {
    db.close();
    if (!/locked|busy/i.test(String(error))) {
      throw error;
    }
    throw new Error(
      `${directory} is in use by another local run. Stop that one, or choose another directory with --data.`,
    );
  }
  checkFormat(db, directory ?? 'memory');
  return grouped ? groupedStore(db) : plainStore(db);
}

/** The database's file, for its owner only: it contains messages and secrets. SQLite's others get the same mode. */
function createPrivateFile(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'fanout.sqlite');
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  return path;
}

function checkFormat(db: DatabaseSync, where: string): void {
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version === 0) {
    db.exec(`PRAGMA user_version = ${formatVersion}`);
  } else if (row.user_version !== formatVersion) {
    db.close();
    throw new Error(
      `${where} holds data of format ${row.user_version}; this version reads format ${formatVersion}. ` +
        'Drain it with the version that wrote it, or choose another directory with --data.',
    );
  }
}

function groupedStore(db: DatabaseSync): Store {
  const group = new CommitGroup(db);
  return {
    db,
    transaction: (work) => group.run(work),
    committed: () => group.committed(),
    whenCommitted: (then, otherwise) => group.whenCommitted(then, otherwise),
    close() {
      group.commit();
      db.close();
    },
  };
}

function plainStore(db: DatabaseSync): Store {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollBack = db.prepare('ROLLBACK');
  const whenCommitted = (then: () => void) => {
    if (db.isOpen && db.isTransaction) {
      setImmediate(whenCommitted, then);
    } else {
      then();
    }
  };
  return {
    db,
    transaction(work) {
      if (db.isTransaction) {
        return work();
      }
      begin.run();
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (db.isTransaction) {
          rollBack.run();
        }
        throw error;
      }
    },
    committed: () => undefined,
    whenCommitted,
    close: () => db.close(),
  };
}
