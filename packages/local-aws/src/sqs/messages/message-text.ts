/** Control characters and the two non-characters outside of SQS's set, all within one UTF-16 unit. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const refused = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Whether SQS carries this text: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to
 * #x10FFFF (API reference, SendMessage). Emoji, right-to-left marks and zero-width joiners pass; a
 * lone surrogate, which UTF-8 cannot carry, does not.
 */
export function isMessageText(text: string): boolean {
  return text.isWellFormed() && !refused.test(text);
}
