import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
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
  const where = directory ?? 'memory';
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
    throw explainDataError(error, where);
  }
  checkFormat(db, where);
  return grouped ? groupedStore(db) : plainStore(db);
}

/**
 * Creates a data directory, for its owner only, with a `.gitignore` that keeps messages and secrets out of
 * commits.
 *
 * @throws when it cannot be written: says why
 */
export function createDataDirectory(directory: string): void {
  try {
    createFolder(directory);
    const ignored = join(directory, '.gitignore');
    if (!existsSync(ignored)) {
      writeFileSync(ignored, '*\n');
    }
  } catch (error) {
    throw explainDataError(error, directory);
  }
}

/**
 * Creates a folder with its parents. Not with the option `recursive` of Node.js, which never returns where the
 * file system answers ENOENT although the parent exists (such as /proc).
 */
function createFolder(folder: string): void {
  const isThere = () => statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  if (isThere()) {
    return;
  }
  if (!existsSync(folder)) {
    createFolder(dirname(folder));
  }
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!isThere()) {
      throw error;
    }
  }
}

/** The database's file, for its owner only: it contains messages and secrets. SQLite's others get the same mode. */
function createPrivateFile(directory: string): string {
  createDataDirectory(directory);
  const path = join(directory, 'fanout.sqlite');
  try {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (error) {
    throw explainDataError(error, directory);
  }
  return path;
}

const otherDirectory = 'Choose another directory';

/** Why a data directory cannot be used, by the error of the file system or of SQLite. */
const dataProblems: readonly (readonly [error: RegExp, problem: string])[] = [
  [/locked|busy/i, 'is in use by another local run. Stop that one, or choose another directory'],
  [/^(EACCES|EPERM)$/, `may not be written by this user. ${otherDirectory}`],
  [
    /^(ENOTDIR|EEXIST)$/,
    `is no directory: it, or a part of its path, is a file. ${otherDirectory}`,
  ],
  // Of a file system that takes no folders, although the parent exists.
  [/^ENOENT$/, `cannot be created there. ${otherDirectory}`],
  [/^EROFS$|readonly/i, `is on a read-only file system. ${otherDirectory}`],
  [
    /^(ENOSPC|EDQUOT)$|\bfull\b/i,
    `is on a full disk. Free some space, or choose another directory`,
  ],
  [
    /not a database|malformed/i,
    'holds a damaged database. Move the directory away, or choose another one',
  ],
];

/** Thrown when a data directory cannot be used: its message says why, and what to do. */
export class DataDirectoryError extends Error {
  constructor(directory: string, problem: string, cause?: unknown) {
    super(`${directory} ${problem}.`, { cause });
    this.name = 'DataDirectoryError';
  }
}

/** An error of the data directory as a sentence; an unknown one as it is. */
function explainDataError(error: unknown, directory: string): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const problem = dataProblems.find(
    ([pattern]) => pattern.test(code) || pattern.test(message),
  )?.[1];
  return problem === undefined
    ? (error as Error)
    : new DataDirectoryError(directory, problem, error);
}

/** SQLITE_FULL, https://www.sqlite.org/rescode.html#full */
const sqliteFull = 13;

/** Whether the disk, or the database, has no space for what a transaction or a file writes. */
export function isDiskFull(error: unknown): boolean {
  const { errcode, code } = (error ?? {}) as { errcode?: number; code?: string };
  return errcode === sqliteFull || code === 'ENOSPC' || code === 'EDQUOT';
}

function checkFormat(db: DatabaseSync, where: string): void {
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version === 0) {
    db.exec(`PRAGMA user_version = ${formatVersion}`);
  } else if (row.user_version !== formatVersion) {
    db.close();
    throw new DataDirectoryError(
      where,
      `holds data of format ${row.user_version}; this version reads format ${formatVersion}. ` +
        'Drain it with the version that wrote it, or choose another directory',
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
