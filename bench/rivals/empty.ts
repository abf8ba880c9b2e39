/** Answers and does nothing: what the start of a process and of a function takes by itself. */
export const handler = async () => ({ statusCode: 202 });
