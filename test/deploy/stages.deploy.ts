import { bootstrapAccount, testDeployment } from './deployment.ts';

bootstrapAccount();
testDeployment('the default', {});
testDeployment('the stage prod', { stage: 'prod' });
