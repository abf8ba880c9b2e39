import type { JsonObject } from '../aws-service.ts';

/** The members of a list in a request; none where it is missing or no list. */
export const listOf = (input: unknown): readonly JsonObject[] =>
  Array.isArray(input) ? (input as JsonObject[]) : [];
