import { App } from 'aws-cdk-lib';
import { PythonStack } from './python-stack.ts';

const app = new App();
new PythonStack(app, 'PythonConsumer', { stage: app.node.tryGetContext('stage') });
