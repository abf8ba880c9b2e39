import { AwsError, type JsonObject } from '../aws-service.ts';

const invalid = (message: string) => new AwsError('ValidationException', message);

/** A text that must be there. */
export function readText(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '' && value.length <= 8_192) return value;
  throw invalid(`${member} must be a text.`);
}

/** A list of one to `most` texts. */
export function readTextList(input: JsonObject, member: string, most: number): string[] {
  const value = input[member];
  if (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= most &&
    value.every((item) => typeof item === 'string')
  ) {
    return value;
  }
  throw invalid(`${member} must be a list of 1 to ${most} texts.`);
}

/** How much of a list is asked for, and the name that it begins after. */
export function readPage(
  input: JsonObject,
  most: number,
): { readonly limit: number; readonly after: string } {
  const { MaxResults = most, NextToken = '' } = input;
  if (!Number.isInteger(MaxResults) || Number(MaxResults) < 1 || Number(MaxResults) > most)
    throw invalid(`MaxResults must be a whole number from 1 to ${most}.`);
  if (typeof NextToken !== 'string')
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  return { limit: Number(MaxResults), after: Buffer.from(NextToken, 'base64url').toString('utf8') };
}
