import { App } from 'aws-cdk-lib';
import { stackNameOf } from '../events/names.ts';
import { FanoutStack } from '../lib/fanout-stack.ts';
import { checkWithNag } from '../lib/nag.ts';
import { readSettings } from '../lib/settings.ts';

const app = new App();
const settings = readSettings((name) => app.node.tryGetContext(name));
new FanoutStack(app, stackNameOf(settings.stage), { settings });
checkWithNag(app);
