import { existsSync } from 'node:fs';

/**
 * Whether this is the published command: one file of JavaScript. It contains the synthesized pipeline
 * (tools/package/build-package.ts), and none of the commands for work on this project.
 */
export const isPublished = import.meta.url.endsWith('.js');

/** The oldest Node.js that the local run works with. */
const localRunNode = 24;

/**
 * Checks that this Node.js can run the pipeline.
 *
 * @throws when it is too old: says what is needed, and how to get it
 */
export function requireLocalRunNode(version: string = process.versions.node): void {
  if (Number(version.split('.')[0]) >= localRunNode) {
    return;
  }
  throw new Error(
    `The local run needs Node.js ${localRunNode} or later (node:sqlite, and functions for Lambda's ` +
      `nodejs${localRunNode}.x), and this is ${version}. Without installing it: ` +
      `npx --package node@${localRunNode} --package whatsapp-event-fanout fanout dev. ` +
      'All other commands run with this one.',
  );
}

/** The folder of the CDK app that the published command works with: the working directory, if it has one. */
export function appFolder(): string | undefined {
  return existsSync('cdk.json') ? process.cwd() : undefined;
}
