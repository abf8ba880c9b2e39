import type { BundledCode } from '../functions/bundle-functions.ts';
import { libraryOf } from './library-of.ts';

/** What a function's bundle weighs, and what is in it. */
export interface BundleDescription {
  readonly bytes: number;
  /** Bytes by library, the largest first. */
  readonly libraries: Readonly<Record<string, number>>;
}

/** What esbuild says about each bundle. */
export function describeBundles(
  code: Readonly<Record<string, BundledCode>>,
): Readonly<Record<string, BundleDescription>> {
  return Object.fromEntries(
    Object.entries(code).map(([name, { bytes, metafile }]) => [
      name,
      { bytes, libraries: librariesIn(metafile) },
    ]),
  );
}

function librariesIn({ outputs }: BundledCode['metafile']): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [source, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput === 0) continue;
      const library = libraryOf(source);
      sums.set(library, (sums.get(library) ?? 0) + bytesInOutput);
    }
  }
  return Object.fromEntries([...sums].sort(([, a], [, b]) => b - a));
}
