import type { DatabaseSync } from 'node:sqlite';
import {
  AwsError,
  type AwsService,
  cutPage,
  type JsonObject,
  readPageToken,
  unknownOperation,
} from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** The account, region and store of the service. */
interface ParameterStoreOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/** A template's properties of a parameter. */
type DeclaredParameter = Pick<Parameter, 'name' | 'type' | 'value' | 'description'>;

const types = ['String', 'StringList', 'SecureString'];
/** A value of the standard tier has at most 4 KB (Systems Manager API reference, PutParameter). */
const maxValueLength = 4_096;
const namePattern = /^[a-zA-Z0-9_.\-/]{1,1011}$/;
/** Names in one GetParameters (API reference). */
const maxNames = 10;

/**
 * Systems Manager's parameter store: parameters by name and by path, without policies, labels and
 * older versions. A SecureString is not encrypted here.
 */
export class ParameterStore implements AwsService {
  readonly #table: ParameterTable;
  readonly #options: ParameterStoreOptions;

  constructor(options: ParameterStoreOptions) {
    this.#options = options;
    this.#table = new ParameterTable(options.store.db);
  }

  /** Creates a parameter from a template; see {@link SecretsManager.declare}. */
  declare({ name, type, value, description }: DeclaredParameter): void {
    const present = this.#table.find(name);
    if (present?.declared === value && present.type === type) {
      return;
    }
    this.#put({ name, type, value, description, declared: value }, present);
  }

  /** A parameter's value by its name; undefined when there is none. */
  valueOf(name: string): string | undefined {
    return this.#table.find(name)?.value;
  }

  remove(name: string): boolean {
    return this.#table.remove(name);
  }

  async call(action: string, input: JsonObject): Promise<JsonObject> {
    switch (action) {
      case 'GetParameter':
        return { Parameter: this.#show(this.#find(readText(input, 'Name'))) };
      case 'GetParameters':
        return this.#getParameters(readTextList(input, 'Names', maxNames));
      case 'GetParametersByPath':
        return this.#getParametersByPath(input);
      case 'DescribeParameters': {
        const { limit, after } = readPage(input, 50);
        const found = this.#table.list('', after, limit + 1);
        const { items, nextToken } = cutPage(found, limit, nameOf);
        return { Parameters: items.map((each) => this.#describe(each)), NextToken: nextToken };
      }
      case 'PutParameter':
        return this.#putParameter(input);
      case 'DeleteParameter': {
        const { name } = this.#find(readText(input, 'Name'));
        this.#table.remove(name);
        return {};
      }
      default:
        throw unknownOperation('Systems Manager', action);
    }
  }

  #getParameters(names: readonly string[]): JsonObject {
    const found = names.map((name) => this.#table.find(this.#nameOf(name)));
    return {
      Parameters: found.filter((each) => each !== undefined).map((each) => this.#show(each)),
      InvalidParameters: names.filter((_, index) => found[index] === undefined),
    };
  }

  #getParametersByPath(input: JsonObject): JsonObject {
    const path = `${readText(input, 'Path').replace(/\/+$/, '')}/`;
    if (!path.startsWith('/')) {
      throw invalid('The parameter path must begin with a slash.');
    }
    const { limit, after } = readPage(input, 10);
    const isDirect = ({ name }: Parameter) => !name.slice(path.length).includes('/');
    const all = this.#table.list(path, after, Number.MAX_SAFE_INTEGER);
    const wanted = input.Recursive === true ? all : all.filter(isDirect);
    const { items, nextToken } = cutPage(wanted, limit, nameOf);
    return { Parameters: items.map((each) => this.#show(each)), NextToken: nextToken };
  }

  #putParameter(input: JsonObject): JsonObject {
    const name = readText(input, 'Name');
    const value = readText(input, 'Value');
    if (!namePattern.test(name) || /^\/?(aws|ssm)/i.test(name)) {
      throw invalid(
        'Parameter name: can\'t be prefixed with "aws" or "ssm", and has letters, digits and .-_/ only.',
      );
    }
    const present = this.#table.find(name);
    if (present && input.Overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const type = input.Type === undefined ? present?.type : String(input.Type);
    if (!type || !types.includes(type)) {
      throw invalid(`Type must be one of ${types.join(', ')}.`);
    }
    if (Buffer.byteLength(value) > maxValueLength) {
      throw invalid(
        `Standard tier parameters support a maximum parameter value of ${maxValueLength} characters.`,
      );
    }
    const description =
      typeof input.Description === 'string' ? input.Description : present?.description;
    const { version } = this.#put(
      { name, type, value, description, declared: present?.declared },
      present,
    );
    return { Version: version, Tier: 'Standard' };
  }

  #put(
    given: DeclaredParameter & Pick<Parameter, 'declared'>,
    present: Parameter | undefined,
  ): Parameter {
    const version = (present?.version ?? 0) + 1;
    const parameter = { ...given, version, modifiedAt: this.#options.clock.now() };
    this.#table.put(parameter);
    return parameter;
  }

  #find(id: string): Parameter {
    const found = this.#table.find(this.#nameOf(id));
    if (found) {
      return found;
    }
    throw new AwsError('ParameterNotFound', `Parameter ${id.slice(0, 128)} not found.`);
  }

  /** A parameter may be named by its ARN, whose end has the name, without a slash in front of it. */
  #nameOf(id: string): string {
    const [, name] = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(id) ?? [];
    if (name === undefined) {
      return id;
    }
    return this.#table.find(name) ? name : name.slice(1);
  }

  #show(parameter: Parameter): JsonObject {
    const { name, type, value, version, modifiedAt } = parameter;
    return {
      Name: name,
      Type: type,
      Value: value,
      Version: version,
      LastModifiedDate: modifiedAt / 1000,
      ARN: this.#arnOf(name),
      DataType: 'text',
    };
  }

  #describe(parameter: Parameter): JsonObject {
    const { Value: _, ...shown } = this.#show(parameter);
    return { ...shown, Description: parameter.description, Tier: 'Standard' };
  }

  #arnOf(name: string): string {
    const { region, accountId } = this.#options;
    return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }
}

const invalid = (message: string) => new AwsError('ValidationException', message);

const nameOf = ({ name }: Parameter) => name;

/** One parameter, its present version. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly description: string | undefined;
  /** The value that a template declared at the last start. */
  readonly declared: string | undefined;
  /** Milliseconds. */
  readonly modifiedAt: number;
}

/** The parameters in the store. */
class ParameterTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`CREATE TABLE IF NOT EXISTS ssm_parameters (
      name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
      description TEXT, declared TEXT, modified_at INTEGER NOT NULL) STRICT`);
  }

  put({ name, type, value, version, description, declared, modifiedAt }: Parameter): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO ssm_parameters VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        name,
        type,
        value,
        version,
        description ?? null,
        declared ?? null,
        Math.floor(modifiedAt),
      );
  }

  find(name: string): Parameter | undefined {
    const row = this.#db.prepare('SELECT * FROM ssm_parameters WHERE name = ?').get(name);
    return row && read(row);
  }

  /** Those whose names begin with `prefix` and come after `after`, in order. */
  list(prefix: string, after: string, limit: number): Parameter[] {
    return this.#db
      .prepare(
        `SELECT * FROM ssm_parameters WHERE name > ? AND substr(name, 1, ?) = ?
         ORDER BY name LIMIT ?`,
      )
      .all(after, prefix.length, prefix, limit)
      .map(read);
  }

  /** Returns whether the parameter existed. */
  remove(name: string): boolean {
    return this.#db.prepare('DELETE FROM ssm_parameters WHERE name = ?').run(name).changes > 0;
  }
}

const read = (row: Record<string, unknown>): Parameter => ({
  name: String(row.name),
  type: String(row.type),
  value: String(row.value),
  version: Number(row.version),
  description: row.description === null ? undefined : String(row.description),
  declared: row.declared === null ? undefined : String(row.declared),
  modifiedAt: Number(row.modified_at),
});

/** A required string. */
export function readText(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '' && value.length <= 8_192) {
    return value;
  }
  throw invalid(`${member} must be a string.`);
}

/** A list of one to `max` strings. */
function readTextList(input: JsonObject, member: string, max: number): string[] {
  const value = input[member];
  if (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= max &&
    value.every((item) => typeof item === 'string')
  ) {
    return value;
  }
  throw invalid(`${member} must be a list of 1 to ${max} strings.`);
}

/** The page size of a list request, and the name after which it begins. */
export function readPage(
  input: JsonObject,
  max: number,
): { readonly limit: number; readonly after: string } {
  const { MaxResults = max, NextToken } = input;
  if (!Number.isInteger(MaxResults) || Number(MaxResults) < 1 || Number(MaxResults) > max) {
    throw invalid(`MaxResults must be a whole number from 1 to ${max}.`);
  }
  const after = NextToken === undefined ? '' : readPageToken(String(NextToken));
  if (after === undefined) {
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  }
  return { limit: Number(MaxResults), after };
}
