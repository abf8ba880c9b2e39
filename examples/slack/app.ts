import { App } from 'aws-cdk-lib';
import { SlackStack } from './slack-stack.ts';

const app = new App();
new SlackStack(app, 'SlackMissedCalls', { stage: app.node.tryGetContext('stage') });
