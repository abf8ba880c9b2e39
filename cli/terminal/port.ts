import { InvalidArgumentError, Option } from 'commander';

const allowed = 'A port is a whole number from 0 to 65535.';

/**
 * A port number that somebody has written.
 *
 * @throws InvalidArgumentError, which says what is taken
 */
export function parsePort(given: string): number {
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new InvalidArgumentError(allowed);
}

/**
 * An option that takes a port, else that of an environment variable. The variable is read when the
 * command runs, so that a wrong one is an error of this command only.
 */
export const portOption = (flags: string, description: string, variable: string): Option =>
  new Option(flags, description).env(variable).argParser(parsePort);

/**
 * The port in an environment variable, for a command that has no option for it.
 *
 * @throws with the variable's name and value, and what is allowed
 */
export function readPort(
  variable: string,
  absent: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const given = environment[variable];
  if (given === undefined) return absent;
  try {
    return parsePort(given);
  } catch {
    throw new Error(`The environment variable ${variable} is "${given}". ${allowed}`);
  }
}
