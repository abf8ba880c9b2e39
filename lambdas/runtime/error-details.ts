/** What an exception says besides its class. It may quote what people wrote. */
export interface ErrorDetails {
  readonly errorMessage: string;
  /** File, line and column where it was thrown, as far as the stack says it. */
  readonly errorAt: string;
  /** The stack, with those of the causes. */
  readonly stack: string;
}

/** Characters of a message, and of a stack, that are logged. */
const maxLength = { message: 1_000, stack: 8_000 } as const;

/** How many errors of a chain of causes are logged. */
const maxCauses = 5;

/**
 * The message, the place and the stack of an exception; undefined unless the setting `handlerErrors` is
 * `full`.
 */
export function errorDetails(error: unknown): ErrorDetails | undefined {
  if (process.env.HANDLER_ERRORS !== 'full') {
    return undefined;
  }
  const stack = stacksOf(error).join('\nCaused by: ');
  return {
    errorMessage: plain(messageOf(error), maxLength.message) || '-',
    errorAt: plain(placeIn(stack) ?? '-', maxLength.message),
    stack: plain(stack, maxLength.stack),
  };
}

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  let each = error;
  while (each instanceof Error && stacks.length < maxCauses) {
    stacks.push(each.stack ?? each.message);
    each = each.cause;
  }
  return stacks.length > 0 ? stacks : [messageOf(error)];
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    // Something with a toString() of its own, or without one.
    return typeof error;
  }
}

/** A frame of a stack: `at name (file:line:column)`, or without the name. */
const frame = /^\s+at (?:.*\()?(?:file:\/\/)?((?:\/|[A-Za-z]:\\).*:\d+:\d+)\)?$/gm;

/** The first place of a stack in the handler's own code, else the first place. */
function placeIn(stack: string): string | undefined {
  const places = [...stack.matchAll(frame)].map(([, place = '']) => place);
  return places.find((place) => !place.includes('/node_modules/')) ?? places[0];
}

/** Without characters that SQS refuses in a message attribute. */
const plain = (text: string, max: number) =>
  text
    .slice(0, max)
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
