import { App } from 'aws-cdk-lib';
import { OrdersStack } from './orders-stack.ts';

const app = new App();
new OrdersStack(app, 'Orders', { stage: app.node.tryGetContext('stage') });
