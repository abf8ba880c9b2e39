import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Keeps the template that `cdk synth` has made as the one of this version, for `cdk diff` and
 * `upgrade.test.ts` to compare later ones with. Part of making a release: CONTRIBUTING.md.
 */
const root = new URL('..', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const template = readFileSync(
  new URL('cdk.out/WhatsAppEventFanout-dev.template.json', root),
  'utf8',
);
const kept = new URL(`test/releases/${version}.template.json`, root);
// The place of a construct in the source does not affect an upgrade.
const withoutPlaces = JSON.stringify(
  JSON.parse(template, (name, value) => (name === 'aws:cdk:path' ? undefined : value)),
);
writeFileSync(kept, `${withoutPlaces}\n`);
console.log(`test/releases/${version}.template.json`);
