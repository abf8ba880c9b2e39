import { writeFileSync } from 'node:fs';

/** Writes how many tests passed and failed into the file that TEST_COUNTS_FILE names, as `.ci/run` sums them up. */
export default class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    writeFileSync(process.env.TEST_COUNTS_FILE, `${numPassedTests} ${failed}\n`);
  }
}
