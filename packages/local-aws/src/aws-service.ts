/** One AWS API on this machine: JSON in, JSON out, by the API's own action names. */
export interface AwsService {
  /**
   * Runs one action, for example `SendMessage`. `input` is the parsed request body, untrusted and
   * unchecked. Throws {@link AwsError} for a request that AWS would refuse. `signal` aborts when
   * the caller has gone away (long polls end early).
   */
  call(action: string, input: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
}

/** A JSON object of unknown content. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a value is an object and not an array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An error response as AWS sends it. */
export class AwsError extends Error {
  /** The error's name in the JSON protocol, for example `QueueDoesNotExist`. */
  readonly code: string;
  readonly statusCode: number;
  /** The older name that the query protocol used, for example `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode: string | undefined;
  /** Members of the error response besides its name and message. */
  readonly fields: JsonObject = {};

  constructor(code: string, message: string, statusCode = 400, queryCode?: string) {
    super(message);
    this.name = code;
    this.code = code;
    this.statusCode = statusCode;
    this.queryCode = queryCode;
  }
}

/** The error for an action that AWS may have and this package does not. */
export const unknownOperation = (service: string, action: string, queryCode?: string) =>
  new AwsError(
    'UnknownOperationException',
    `The local run does not have the action ${action.slice(0, 100)} of ${service}.`,
    400,
    queryCode,
  );

/**
 * Cuts the items of a page from items that were found in order of their names: one item more than
 * `limit` shows that there is another page. `nextToken` is then the name of the page's last item, in
 * Base64.
 */
export function cutPage<Item>(
  found: readonly Item[],
  limit: number,
  nameOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly nextToken?: string } {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items,
    ...(last !== undefined && { nextToken: Buffer.from(nameOf(last)).toString('base64url') }),
  };
}

/** The name in a token that {@link cutPage} returned; undefined for any other text. */
export function readPageToken(token: string): string | undefined {
  const name = Buffer.from(token, 'base64url').toString();
  const isIntact = name !== '' && Buffer.from(name).toString('base64url') === token;
  return isIntact ? name : undefined;
}
