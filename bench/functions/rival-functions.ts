import type { FunctionSource } from './bundle-functions.ts';

/**
 * The tracer is built on the X-Ray SDK, which is CommonJS and requires Node's own modules; the banner is
 * what Powertools' documentation gives for such dependencies ("Bundling with esbuild", ES modules).
 */
const requireForCommonJs =
  "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);";

/** The SDK as it comes, with its own search for credentials. */
const sdkAsItComes = { esbuildArgs: {} };

/** What ingest is compared with, each written by us from its library's documentation. */
export const rivalFunctions = {
  empty: { entry: 'bench/rivals/empty.ts' },
  floor: { entry: 'bench/rivals/floor.ts' },
  'usual-stack': { entry: 'bench/rivals/usual-stack.ts', bundling: sdkAsItComes },
  powertools: {
    entry: 'bench/rivals/powertools.ts',
    bundling: { ...sdkAsItComes, banner: requireForCommonJs },
  },
  'quick-start': { entry: 'bench/rivals/quick-start.ts', bundling: sdkAsItComes },
} as const satisfies Record<string, FunctionSource>;
