/** Versions of the sender from which on something it says is so. Versions are `YYYY.M.patch`. */
interface VersionFact {
  readonly engines: readonly string[];
  readonly since: string;
}

/**
 * What the senders' versions changed. A value that was wrong before is believed only from its version
 * on; where the body names no version, as Wawp's, it is not believed.
 */
const versionFacts = {
  /**
   * WAHA read `membersCanAddNewMember` from another setting on WEBJS and WPP (changelog of 2026.7.2).
   */
  membersCanAddMembers: { engines: ['WEBJS', 'WPP'], since: '2026.7.2' },
} as const satisfies Record<string, VersionFact>;

/** Whether what an engine says in a version of the sender is to be believed. */
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
