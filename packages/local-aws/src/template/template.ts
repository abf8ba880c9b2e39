import type { Store } from '../store.ts';

/** A CloudFormation template as `cdk synth` writes it: untrusted data, validated when read. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<
      string,
      {
        readonly Value: unknown;
        readonly Export?: { readonly Name: unknown };
        readonly Condition?: string;
      }
    >
  >;
  readonly Parameters?: Readonly<
    Record<string, { readonly Default?: unknown; readonly Type?: string }>
  >;
  readonly Mappings?: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
  >;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** One resource of a template, its intrinsics not yet resolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

/** A template, and the location of the code that it refers to. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Directory (or file) of each asset by the name that the template has for it in S3. */
  readonly assets: ReadonlyMap<string, string>;
}

/** The error for an invalid template. */
export class TemplateError extends Error {
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`${where}: ${problem}`, options);
    this.name = 'TemplateError';
  }
}

/** A resource that this or an earlier start created from a template. */
export interface RegistryEntry {
  readonly stack: string;
  readonly logicalId: string;
  /** CloudFormation's name of the type. */
  readonly type: string;
  readonly ref: string;
  /**
   * Whether the resource is kept when it is removed from the template (`DeletionPolicy: Retain`).
   */
  readonly retain: boolean;
}

/**
 * The resources that templates created so far, in the order of creation, to distinguish resources
 * removed from a template from those that a user added at run time.
 */
export class ResourceRegistry {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.db.exec(`CREATE TABLE IF NOT EXISTS stack_resources (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      stack TEXT NOT NULL, logical_id TEXT NOT NULL, type TEXT NOT NULL, ref TEXT NOT NULL,
      retain INTEGER NOT NULL,
      UNIQUE (stack, logical_id, type, ref)) STRICT`);
  }

  entries(): RegistryEntry[] {
    return this.#store.db
      .prepare('SELECT * FROM stack_resources ORDER BY position')
      .all()
      .map((row) => ({
        stack: String(row.stack),
        logicalId: String(row.logical_id),
        type: String(row.type),
        ref: String(row.ref),
        retain: row.retain === 1,
      }));
  }

  /** Records a resource as the last created one. */
  add(entry: RegistryEntry): void {
    const { stack, logicalId, type, ref, retain } = entry;
    this.#store.transaction(() => {
      this.remove(entry);
      this.#store.db
        .prepare(
          'INSERT INTO stack_resources (stack, logical_id, type, ref, retain) VALUES (?, ?, ?, ?, ?)',
        )
        .run(stack, logicalId, type, ref, retain ? 1 : 0);
    });
  }

  remove({ stack, logicalId, type, ref }: RegistryEntry): void {
    this.#store.db
      .prepare(
        'DELETE FROM stack_resources WHERE stack = ? AND logical_id = ? AND type = ? AND ref = ?',
      )
      .run(stack, logicalId, type, ref);
  }
}
