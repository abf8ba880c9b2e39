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
        `Port ${port} is taken. Stop what listens there, or choose another one: ${variable}=${port + 1} npm start (0 takes any)`,
        { cause: error },
      );
    }
    if (code === 'EACCES') {
      throw new Error(
        `Port ${port} may not be opened by this user. Choose another one: ${variable}=8${port}`,
        { cause: error },
      );
    }
    throw error;
  }
}
