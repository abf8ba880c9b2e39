import { App } from 'aws-cdk-lib';
import { OrdersToCrmStack } from './orders-to-crm-stack.ts';

const app = new App();
new OrdersToCrmStack(app, 'OrdersToCrm', {
  crmUrl: app.node.tryGetContext('crmUrl') ?? 'http://127.0.0.1:9000/',
  stage: app.node.tryGetContext('stage'),
});
