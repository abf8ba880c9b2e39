/** The position of an error in a pattern's text. */
interface PatternLocation {
  readonly text: string;
  /** Offset in characters, behind the part that was read last. */
  readonly offset: number;
}

/**
 * EventBridge does not accept the pattern. The message has the wording of `PutRule` and
 * `TestEventPattern`: the reason, the pattern's text, line and column.
 */
export class InvalidEventPattern extends Error {
  /** The cause alone, for example `Empty arrays are not allowed`. */
  readonly reason: string;

  constructor(reason: string, at?: PatternLocation) {
    super(`Event pattern is not valid. Reason: ${reason}${at ? locate(at) : ''}`);
    this.name = 'InvalidEventPatternException';
    this.reason = reason;
  }
}

function locate({ text, offset }: PatternLocation): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return `\n at [Source: (String)"${text}"; line: ${line}, column: ${column}]`;
}
