import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

/** The text of a message attribute; undefined when there is none. */
export function attributeText(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
  name: string,
): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name]?.StringValue : undefined;
}
