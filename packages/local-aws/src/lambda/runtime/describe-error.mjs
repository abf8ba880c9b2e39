/** An error that the runtime itself raises, named as Lambda names it: `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  constructor(kind, message, stack) {
    super(message);
    this.name = `Runtime.${kind}`;
    if (stack) {
      this.stack = stack;
    }
  }
}

/**
 * An error in the shape in which a function's error reaches its caller
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror).
 * A thrown value may be anything, even an object whose getters throw.
 */
export function describeError(error) {
  try {
    if (error instanceof Error || looksLikeError(error)) {
      return {
        errorType: String(error.name),
        errorMessage: String(error.message),
        trace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'The error could not be read.', trace: [] };
  }
}

/** Errors from another realm (`vm`) are not `instanceof Error` here. */
function looksLikeError(value) {
  return Object.prototype.toString.call(value) === '[object Error]';
}
