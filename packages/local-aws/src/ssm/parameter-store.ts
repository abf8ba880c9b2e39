import { AwsError, type AwsService, type JsonObject, unknownOperation } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import { cutPage } from '../page.ts';
import type { Store } from '../store.ts';
import {
  type Parameter,
  ParameterTable,
  readPage,
  readText,
  readTextList,
} from './parameter-table.ts';

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
