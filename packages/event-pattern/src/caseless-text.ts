/**
 * Text that is compared without regard to case, as EventBridge does it: one UTF-16 unit after the
 * other, each in its lower or its upper case (event-ruler, EqualsIgnoreCaseParser). Half of a
 * surrogate pair has no case and becomes `?` there, so a pattern with an emoji never matches the
 * emoji; that is AWS's behaviour and is kept.
 */
export class CaselessText {
  readonly #units: readonly (readonly [string, string])[];

  constructor(text: string) {
    this.#units = text.split('').map((unit) => {
      if (unit >= '\ud800' && unit <= '\udfff') {
        return ['?', '?'];
      }
      return [unit.toLowerCase(), unit.toUpperCase()];
    });
  }

  /**
   * The end of the text in `value` when it starts at `start`; undefined when it does not occur
   * there.
   */
  #endIn(value: string, start: number): number | undefined {
    let at = start;
    for (const [lower, upper] of this.#units) {
      if (value.startsWith(lower, at)) {
        at += lower.length;
      } else if (value.startsWith(upper, at)) {
        at += upper.length;
      } else {
        return undefined;
      }
    }
    return at;
  }

  equals(value: string): boolean {
    return this.#endIn(value, 0) === value.length;
  }

  startsIn(value: string): boolean {
    return this.#endIn(value, 0) !== undefined;
  }

  endsIn(value: string): boolean {
    let at = value.length;
    for (const [lower, upper] of this.#units.toReversed()) {
      if (at >= lower.length && value.startsWith(lower, at - lower.length)) {
        at -= lower.length;
      } else if (at >= upper.length && value.startsWith(upper, at - upper.length)) {
        at -= upper.length;
      } else {
        return false;
      }
    }
    return true;
  }
}
