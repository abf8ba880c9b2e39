import { App } from 'aws-cdk-lib';
import { stackNameOf } from '../events/names.ts';
import { readAppSettings } from '../lib/app-settings.ts';
import { BundlingError } from '../lib/bundling.ts';
import { consumers } from '../lib/consumers.ts';
import { FanoutStack } from '../lib/fanout-stack.ts';
import { checkWithNag } from '../lib/nag.ts';
import { SettingsError } from '../lib/settings.ts';
import { unknownStateNames } from '../lib/tables.ts';

const app = new App();
try {
  const settings = readAppSettings(app, '.');
  // The construct checks this too, but only when all functions are bundled: consumers can be added to it later.
  const wrong = unknownStateNames(settings.state, consumers);
  if (wrong.length > 0) {
    throw new SettingsError(wrong);
  }
  new FanoutStack(app, stackNameOf(settings.stage), { settings });
  checkWithNag(app);
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof BundlingError)) {
    throw error;
  }
  // The message is for the person who deploys; a stack trace is of no use to them.
  console.error(error.message);
  process.exit(1);
}
