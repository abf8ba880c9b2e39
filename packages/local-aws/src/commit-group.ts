import type { DatabaseSync, StatementSync } from 'node:sqlite';

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
export class CommitGroup {
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
