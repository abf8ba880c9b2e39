import type { FunctionVariable } from '../../events/names.ts';

/** Reads an environment variable that the stack sets. Throws if it is missing. */
export function requiredEnvironment(name: FunctionVariable): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set. The stack sets it: deploy again.`,
    );
  }
  return value;
}
