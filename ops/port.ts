/** Describes the allowed ports, for messages. */
export const allowedPorts = 'A port is an integer from 0 to 65535.';

/** Reads a port number; undefined for any other text. */
export function portOf(text: string): number | undefined {
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}

/**
 * The port in an environment variable.
 *
 * @throws with the variable's name and value, and what is allowed
 */
export function readPort(
  variable: string,
  absent: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const text = environment[variable];
  if (text === undefined) {
    return absent;
  }
  const port = portOf(text);
  if (port !== undefined) {
    return port;
  }
  throw new Error(`The environment variable ${variable} is "${text}". ${allowedPorts}`);
}

/** Whether a host is the loopback interface. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
