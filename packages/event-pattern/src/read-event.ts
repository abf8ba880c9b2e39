import { NumberText } from './field-value.ts';

/** "PutEvents will only process nested JSON up to 1100 levels deep" (API reference, PutEvents). */
export const maxEventDepth = 1100;

/** `JSON.parse` gives a reviver the source text of each primitive value (ECMAScript 2026). */
type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { source?: string },
) => unknown;

const keepNumberText: Reviver = (_key, value, context) =>
  typeof value === 'number' && context?.source !== undefined
    ? new NumberText(context.source)
    : value;

/**
 * Parses an event's text. Throws SyntaxError when it is not JSON, RangeError when it is nested deeper
 * than EventBridge processes.
 *
 * @param keepNumbers whether numbers become {@link NumberText}, which some patterns need
 */
export function readEvent(text: string, keepNumbers: boolean): unknown {
  if (nestsDeeper(text, maxEventDepth)) {
    throw new RangeError(`The event is nested deeper than ${maxEventDepth} levels`);
  }
  return keepNumbers ? JSON.parse(text, keepNumberText) : JSON.parse(text);
}

/**
 * Whether JSON text is nested deeper than this number of levels. Counts the brackets outside strings,
 * because a recursive function would overflow the stack.
 */
export function nestsDeeper(text: string, levels: number): boolean {
  if (text.length <= 2 * levels) {
    return false;
  }
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === backslash) {
        at += 1;
      } else if (character === quote) {
        inString = false;
      }
    } else if (character === quote) {
      inString = true;
    } else if (character === openObject || character === openArray) {
      depth += 1;
      if (depth > levels) {
        return true;
      }
    } else if (character === closeObject || character === closeArray) {
      depth -= 1;
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
