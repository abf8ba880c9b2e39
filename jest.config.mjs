/** Jest in ESM mode; TypeScript is read by Node's own type stripping (test/strip-types.cjs). */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  testMatch: ['<rootDir>/{test,packages/*/test}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk\\.out', '<rootDir>/.fanout'],
  transform: { '^.+\\.ts$': '<rootDir>/test/strip-types.cjs' },
  reporters: [
    'default',
    ...(process.env.TEST_COUNTS_FILE ? ['<rootDir>/test/count-reporter.mjs'] : []),
  ],
  coverageProvider: 'v8',
  // Ends what hangs, on the slowest machine; no test has a lower limit, and none is judged by it.
  testTimeout: 120_000,
  // Both of two cores; Jest itself would leave one free.
  maxWorkers: '100%',
  // A worker that ends frees its heap first, which takes longer than the usual 500 ms on a busy machine. One in
  // which a test has left something open never ends, and is reported after this.
  workerGracefulExitTimeout: 30_000,
};
