/** The engines and the sender version from which a field is correct. Versions are `YYYY.M.patch`. */
interface VersionFact {
  readonly engines: readonly string[];
  readonly since: string;
}

/**
 * Corrections in sender versions. A field that was wrong before is used only from its version on, and not if
 * the body has no version, as from Wawp.
 */
const versionFacts = {
  /**
   * WAHA read `membersCanAddNewMember` from another setting on WEBJS and WPP (changelog of 2026.7.2).
   */
  membersCanAddMembers: { engines: ['WEBJS', 'WPP'], since: '2026.7.2' },
} as const satisfies Record<string, VersionFact>;

/** Whether a field is correct for an engine and a sender version. */
export function isTrueIn(
  fact: keyof typeof versionFacts,
  engine: string | undefined,
  version: string | undefined,
): boolean {
  const { engines, since }: VersionFact = versionFacts[fact];
  if (engine === undefined || !engines.includes(engine)) {
    return true;
  }
  return version !== undefined && isSince(version, since);
}

const versionPattern = /^(\d{4})\.(\d{1,2})(?:\.(\d{1,4}))?/;

function isSince(version: string, since: string): boolean {
  const [one, other] = [partsOf(version), partsOf(since)];
  if (!one || !other) {
    return false;
  }
  for (const [index, part] of one.entries()) {
    const least = other[index] ?? 0;
    if (part !== least) {
      return part > least;
    }
  }
  return true;
}

function partsOf(version: string): readonly number[] | undefined {
  return versionPattern
    .exec(version)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
}
