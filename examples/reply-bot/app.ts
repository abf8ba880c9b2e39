import { App } from 'aws-cdk-lib';
import { PingStack } from './ping-stack.ts';

const app = new App();
new PingStack(app, 'Ping', {
  wahaUrl: app.node.tryGetContext('wahaUrl'),
  stage: app.node.tryGetContext('stage'),
});
