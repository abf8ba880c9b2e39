import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * The credentials of a function's role: Lambda puts them into environment variables (Lambda
 * developer guide, "Defined runtime environment variables"). Bundles use this in place of the SDK's
 * chain of providers, most of which look where a function has nothing.
 */
export const defaultProvider = () => fromEnv();
