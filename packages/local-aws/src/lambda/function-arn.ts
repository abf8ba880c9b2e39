/** The parts of a function's ARN. */
export interface FunctionArn {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

const FULL = /^arn:[a-z-]+:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]{1,64})$/;

/** Throws for what is no unqualified function ARN. */
export function parseFunctionArn(arn: string): FunctionArn {
  const [, region, account, name] = FULL.exec(arn) ?? [];
  if (!region || !account || !name) throw new Error(`${arn} is not the ARN of a function.`);
  return { region, account, name };
}

/** All that the API takes for a function: name, `account:function:name`, ARN, each with qualifier. */
const REFERENCE =
  /^(?:(?:arn:[a-z-]+:lambda:)?(?:[a-z0-9-]+:)?(?:\d{12}:)?function:|\d{12}:function:)?([\w-]{1,64})(?::([\w$-]{1,128}))?$/;

/** The function's name and qualifier in a `FunctionName` parameter, or undefined if it is malformed. */
export function readFunctionReference(
  reference: string,
): { readonly name: string; readonly qualifier?: string } | undefined {
  const [, name, qualifier] = reference.length <= 256 ? (REFERENCE.exec(reference) ?? []) : [];
  return name ? { name, qualifier } : undefined;
}
