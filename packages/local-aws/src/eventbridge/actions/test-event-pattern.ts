import { compilePattern, matches } from '@event-fanout/event-pattern';
import type { JsonObject } from '../../aws-service.ts';
import type { Desk } from '../desk.ts';
import { validationError } from '../eventbridge-error.ts';
import { isObject, requiredText } from '../request.ts';
import { checkPattern } from './rules.ts';

/** API reference, TestEventPattern: "the following fields are mandatory"; AWS lets resources lack. */
const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

export function testEventPattern(_desk: Desk, input: JsonObject): JsonObject {
  const pattern = requiredText(input, 'EventPattern', { min: 0, max: 4096 });
  const event = requiredText(input, 'Event', { min: 0 });
  checkPattern(pattern);
  checkEvent(event);
  return { Result: matches(compilePattern(pattern), event) };
}

function checkEvent(text: string): void {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    // Refused below.
  }
  if (!isObject(event)) throw validationError('Parameter Event is not a valid JSON object.');
  const absent = MANDATORY.find((name) => !Object.hasOwn(event, name));
  if (absent !== undefined)
    throw validationError(`Parameter Event is not valid. Reason: ${absent} is a required field.`);
}
