import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Packages that Lambda's Node.js runtimes bring along (Lambda developer guide, "Runtime-included SDK versions"). */
const provided = /^@(aws-sdk|smithy)\//;

/**
 * Lets functions import the AWS SDK without bundling it, as in Lambda: a package that is not found
 * next to the function is searched next to this file, that is, in this project's own dependencies,
 * and then as a bundle in the folder `sdk`, for packages that publish this file without
 * dependencies.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (!provided.test(specifier)) {
        throw error;
      }
      const bundle = new URL(`./sdk/${specifier}.mjs`, import.meta.url);
      if (existsSync(bundle)) {
        return { url: bundle.href, format: 'module', shortCircuit: true };
      }
      return nextResolve(specifier, { ...context, parentURL: import.meta.url });
    }
  },
});
