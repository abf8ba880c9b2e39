/** The secret of the pipelines that tests run, for senders that sign and for those that send it along. */
export const testSecret = 'secret-of-tests';

/** The environment that gives a local run this secret. */
export const secretEnvironment = { SIGNING_SECRET: testSecret, URL_SECRET: testSecret };
