import { App } from 'aws-cdk-lib';
import { N8nStack } from './n8n-stack.ts';

const app = new App();
new N8nStack(app, 'N8n', {
  webhookUrl: app.node.tryGetContext('webhookUrl'),
  stage: app.node.tryGetContext('stage'),
});
