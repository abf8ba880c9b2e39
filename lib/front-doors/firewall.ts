import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/**
 * AWS's managed rules that suit webhooks. What looks into bodies only counts: people write what they
 * like into a chat, `<script>` included, and events are larger than the 8 KB that the common rules
 * allow. Left out are lists of hosting providers, as senders run in data centres, and the rules on known
 * bad inputs, which look for attacks on Java and the like in what people write.
 */
const managedRules = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: [
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
    ],
  },
] as const;

/** Seconds over which AWS WAF counts the requests of one address. */
const windowSeconds = 300;

/** Puts a web application firewall before a REST API's stage. */
export function guardWithFirewall(scope: Construct, settings: Settings, stage: Stage): void {
  const name = `whatsapp-${settings.stage}`;
  const acl = new CfnWebACL(scope, 'Firewall', {
    name,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visible(name),
    rules: [
      {
        name: 'RateOfOneAddress',
        priority: 0,
        action: { block: {} },
        // One sender may use all that the stage lets through; nobody may use more.
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            evaluationWindowSec: windowSeconds,
            limit: settings.throttleRate * windowSeconds,
          },
        },
        visibilityConfig: visible('RateOfOneAddress'),
      },
      ...managedRules.map((rules, index) => ({
        name: rules.name,
        priority: index + 1,
        overrideAction: { none: {} },
        statement: {
          managedRuleGroupStatement: {
            vendorName: 'AWS',
            name: rules.name,
            ruleActionOverrides: rules.counted.map((rule) => ({
              name: rule,
              actionToUse: { count: {} },
            })),
          },
        },
        visibilityConfig: visible(rules.name),
      })),
    ],
  });
  new CfnWebACLAssociation(scope, 'FirewallOfStage', {
    resourceArn: stage.stageArn,
    webAclArn: acl.attrArn,
  });
}

/** Samples would show paths, queries and headers, where secrets stand. */
const visible = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
