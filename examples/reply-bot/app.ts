import { App } from 'aws-cdk-lib';
import { ReplyBotStack } from './reply-bot-stack.ts';

const app = new App();
new ReplyBotStack(app, 'ReplyBot', {
  wahaUrl: app.node.tryGetContext('wahaUrl') ?? 'http://127.0.0.1:3000',
  stage: app.node.tryGetContext('stage'),
});
