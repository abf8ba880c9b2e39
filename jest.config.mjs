/** Jest in ESM mode; TypeScript is read by Node's own type stripping (test/strip-types.cjs). */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  testMatch: ['<rootDir>/{test,packages/*/test}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk\\.out', '<rootDir>/.fanout'],
  transform: { '^.+\\.ts$': '<rootDir>/test/strip-types.cjs' },
  coverageProvider: 'v8',
  // Both of two cores; Jest itself would leave one free.
  maxWorkers: '100%',
};
