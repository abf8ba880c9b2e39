import { TemplateError } from '../template/template.ts';
import type { ResourceType } from './resource-type.ts';

/** Protocols with which a topic tells people, who are not told of what happens on one machine. */
const toPeople = /^(email|email-json|sms|application)$/;

/** AWS::SNS::Subscription: of no effect when it tells people, refused when it moves events. */
export const subscription: ResourceType = {
  create({ Protocol }, { logicalId }) {
    if (toPeople.test(String(Protocol))) return { ref: logicalId };
    throw new TemplateError(
      `${logicalId} (AWS::SNS::Subscription)`,
      `sends to ${String(Protocol)}; the local run has no SNS. Let an EventBridge rule send there instead.`,
    );
  },
};
