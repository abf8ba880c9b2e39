import { bootstrapAccount, testDeployment } from './deployment.ts';

bootstrapAccount();
testDeployment('a function URL', { stage: 'pr-url', ingress: 'function-url' });
testDeployment('a REST API with a firewall', { stage: 'pr-rest', ingress: 'rest-api' });
testDeployment('a bus that others share', {
  stage: 'pr-shared',
  shareBusWith: '111122223333,o-exampleorg',
});
testDeployment('a key of the customer', { stage: 'key', encryption: 'customer' });
