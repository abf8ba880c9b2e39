import { hash } from 'node:crypto';
import { isObject, type JsonObject } from '../../aws-service.ts';
import { mapEntries, optionalString } from '../request.ts';
import {
  invalidMessageContents,
  invalidParameterValue,
  serializationException,
  unsupportedOperation,
} from '../sqs-error.ts';

/** One message attribute, checked. Binary values stay in Base64, as in JSON. */
export type MessageAttribute = { readonly name: string; readonly dataType: string } & (
  | { readonly stringValue: string; readonly binaryValue?: undefined }
  | { readonly binaryValue: string; readonly stringValue?: undefined }
);

/** Developer guide, "Amazon SQS message attributes". */
const maxAttributes = 10;
const maxNameLength = 256;
/** The guide's letters, digits and `_-.`; AWS also takes accented Latin letters. */
const namePattern = /^[\w.\u00c0-\u017f-]+$/;
const typePattern = /^(String|Number|Binary)(\..+)?$/s;
const numberPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const maxNumberLength = 256;

/** Reads `MessageAttributes`. */
export function readMessageAttributes(input: JsonObject): readonly MessageAttribute[] {
  const entries = mapEntries(input, 'MessageAttributes');
  if (entries.length > maxAttributes) {
    throw invalidParameterValue(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${maxAttributes}].`,
    );
  }
  return entries.map(([name, value]) => {
    checkName(name);
    return readAttribute(name, value, 'user');
  });
}

/** Reads `MessageSystemAttributes`: only the X-Ray trace header exists (API reference, SendMessage). */
export function readTraceHeader(input: JsonObject): MessageAttribute | undefined {
  const [entry, ...more] = mapEntries(input, 'MessageSystemAttributes');
  if (!entry) {
    return undefined;
  }
  if (more.length > 0 || entry[0] !== 'AWSTraceHeader') {
    throw invalidParameterValue('Message system attribute name is invalid.');
  }
  const attribute = readAttribute(entry[0], entry[1], 'system');
  if (attribute.dataType !== 'String') {
    throw invalidParameterValue(
      "Message system attribute 'AWSTraceHeader' must be of type 'String'.",
    );
  }
  return attribute;
}

/** Bytes that count towards the message's size: name, type and value. */
export const sizeOfAttribute = ({ name, dataType, ...value }: MessageAttribute): number =>
  Buffer.byteLength(name) +
  Buffer.byteLength(dataType) +
  (value.stringValue === undefined
    ? Buffer.byteLength(value.binaryValue, 'base64')
    : Buffer.byteLength(value.stringValue));

/** The form in which `ReceiveMessage` returns attributes. */
export function writeMessageAttributes(attributes: readonly MessageAttribute[]): JsonObject {
  return Object.fromEntries(
    attributes.map(({ name, dataType, stringValue, binaryValue }) => [
      name,
      { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue },
    ]),
  );
}

function checkName(name: string): void {
  if (name.length === 0 || name.length > maxNameLength) {
    throw invalidParameterValue(
      `Message (user) attribute names must be 1 to ${maxNameLength} characters long.`,
    );
  }
  if (!namePattern.test(name)) {
    throw invalidParameterValue(
      'Message (user) attribute names can only contain letters, digits, underscores, hyphens and periods.',
    );
  }
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalidParameterValue(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
    );
  }
  if (/^\.|\.$|\.\./.test(name)) {
    throw invalidParameterValue(
      "Message (user) attribute names must not start or end with '.', nor have successive periods.",
    );
  }
}

/** `name` has been checked, so that an error may repeat it; the value is never repeated. */
function readAttribute(name: string, value: unknown, kind: 'user' | 'system'): MessageAttribute {
  const call = `essage (${kind}) attribute '${name}'`;
  if (!isObject(value)) {
    throw serializationException(name, 'a structure');
  }
  for (const list of ['StringListValues', 'BinaryListValues']) {
    const items = value[list];
    if (Array.isArray(items) && items.length > 0) {
      throw unsupportedOperation(`${list} is reserved.`);
    }
  }
  const dataType = optionalString(value, 'DataType');
  if (!dataType) {
    throw invalidParameterValue(`The m${call} must contain a non-empty attribute type.`);
  }
  const type = typePattern.exec(dataType)?.[1];
  if (!type || dataType.length > maxNameLength || !isMessageText(dataType)) {
    throw invalidParameterValue(
      `The type of m${call} is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const text = optionalString(value, 'StringValue');
  const bytes = optionalString(value, 'BinaryValue');
  if (text !== undefined && bytes !== undefined) {
    throw invalidParameterValue(`M${call} must have a single value.`);
  }
  if (type === 'Binary') {
    return { name, dataType, binaryValue: checkBinary(bytes, text, call) };
  }
  if (!text) {
    throw invalidParameterValue(`M${call} must contain a non-empty value of type '${type}'.`);
  }
  if (!isMessageText(text)) {
    throw invalidParameterValue(invalidMessageContents().message);
  }
  if (dataType === 'Number' && (text.length > maxNumberLength || !numberPattern.test(text))) {
    throw invalidParameterValue(`Can't cast the value of m${call} to a number.`);
  }
  return { name, dataType, stringValue: text };
}

function checkBinary(bytes: string | undefined, text: string | undefined, call: string): string {
  if (text !== undefined) {
    throw invalidParameterValue(`M${call} must use the field BinaryValue.`);
  }
  if (!bytes) {
    throw invalidParameterValue(`M${call} must contain a non-empty value of type 'Binary'.`);
  }
  const canonical = Buffer.from(bytes, 'base64').toString('base64');
  if (canonical !== bytes) {
    throw serializationException('BinaryValue', 'base64');
  }
  return bytes;
}

/**
 * `MD5OfMessageAttributes` (developer guide, "Calculating the MD5 message digest for message
 * attributes"): attributes by name; of each the name, the type, one byte for the transport type
 * (1 text, 2 binary) and the value, everything but that byte preceded by its length in four bytes.
 */
export function digestAttributes(attributes: readonly MessageAttribute[]): string {
  const sorted = attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.flatMap(({ name, dataType, stringValue, binaryValue }) => [
    ...withLength(Buffer.from(name)),
    ...withLength(Buffer.from(dataType)),
    Buffer.of(stringValue === undefined ? 2 : 1),
    ...withLength(
      stringValue === undefined ? Buffer.from(binaryValue, 'base64') : Buffer.from(stringValue),
    ),
  ]);
  return hash('md5', Buffer.concat(parts), 'hex');
}

function withLength(bytes: Buffer): readonly Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

/** The characters that SQS refuses: control characters and two non-characters, each one UTF-16 unit. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are searched for
const refused = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Whether SQS accepts this text: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to
 * #x10FFFF (API reference, SendMessage). Emoji, right-to-left marks and zero-width joiners pass; a
 * lone surrogate, which UTF-8 cannot carry, does not.
 */
export function isMessageText(text: string): boolean {
  return text.isWellFormed() && !refused.test(text);
}
