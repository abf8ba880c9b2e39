import { once } from 'node:events';
import { createServer } from 'node:net';

/** Opens a port; the error for a port in use says what to do. */
export async function listenOrExplain<T>(
  listen: (port: number) => Promise<T>,
  port: number,
  variable: string,
): Promise<T> {
  try {
    return await listen(port);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE') {
      throw new Error(
        `Port ${port} is taken. Stop what listens there, or choose another one with ${variable} (0 takes any).`,
        { cause: error },
      );
    }
    if (code === 'EACCES') {
      throw new Error(
        `Port ${port} may not be opened by this user. Choose one above 1023 with ${variable}.`,
        { cause: error },
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Error(`This machine has no such address to listen at: ${String(error)}`, {
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Checks a port that is opened later.
 *
 * @throws when it cannot be opened: says what to do
 */
export async function requireFreePort(port: number, host: string, variable: string): Promise<void> {
  const server = createServer();
  await listenOrExplain(
    async (wanted) => {
      server.listen(wanted, host);
      await once(server, 'listening');
    },
    port,
    variable,
  );
  const closed = once(server, 'close');
  server.close();
  await closed;
}
