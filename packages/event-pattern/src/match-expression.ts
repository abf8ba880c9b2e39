import { anythingBut } from './anything-but.ts';
import {
  addressDigits,
  CaselessText,
  type DigitRange,
  inDigitRange,
  millionths,
  readCidr,
  singleAddress,
} from './comparable-values.ts';
import type { ValueTest } from './field-value.ts';
import { numericTest } from './numeric-test.ts';
import { type Fail, onlyMember, type PatternJson, readString } from './pattern-json.ts';
import { matchesWildcard, readWildcard } from './wildcard.ts';

/** Reads one entry of a field's list: a plain value or an object with one operator. */
export function readValueTest(json: PatternJson, fail: Fail): ValueTest {
  switch (json.kind) {
    case 'string':
      return exactText(json.text);
    case 'number':
      return exactNumber(json.text);
    case 'word':
      return {
        accepts: (value) => value.text === json.text,
        key: { by: 'exact', text: json.text },
      };
    case 'object':
      return readOperator(json, fail);
    default:
      return fail('Match value must be String, number, true, false, or null', json.end);
  }
}

function exactText(text: string): ValueTest {
  // An address matches however it is written, for example in short or long IPv6 form.
  const digits = addressDigits(text);
  if (digits !== undefined) {
    return rangeTest(singleAddress(digits));
  }
  return quotedText(text);
}

function quotedText(text: string): ValueTest {
  const quoted = `"${text}"`;
  return { accepts: (value) => value.text === quoted, key: { by: 'exact', text: quoted } };
}

function exactNumber(text: string): ValueTest {
  const number = millionths(text);
  if (number === undefined) {
    return {
      accepts: (value) => value.text === text,
      key: { by: 'exact', text },
      readsNumbers: true,
    };
  }
  return {
    accepts: (value) => value.millionths === number,
    key: { by: 'number', millionths: number },
    numeric: true,
    readsNumbers: true,
  };
}

function rangeTest(range: DigitRange): ValueTest {
  return {
    accepts: (value) => value.digits !== undefined && inDigitRange(value.digits, range),
    readsNumbers: true,
  };
}

function readOperator(json: PatternJson, fail: Fail): ValueTest {
  const operator = onlyMember(json, 'Match expression name not found', fail);
  const { name, value } = operator;
  switch (name) {
    case 'exactly':
      return quotedText(readString(value, 'exact match pattern must be a string', fail));
    case 'prefix':
      return readPrefix(value, fail);
    case 'suffix':
      return readSuffix(value, fail);
    case 'equals-ignore-case': {
      const text = readString(value, 'equals-ignore-case match pattern must be a string', fail);
      const caseless = new CaselessText(`"${text}"`);
      return { accepts: (seen) => caseless.equals(seen.text) };
    }
    case 'wildcard': {
      const text = readString(value, 'wildcard match pattern must be a string', fail);
      const wildcard = fail.from(() => readWildcard(text), value.end);
      return { accepts: (seen) => matchesWildcard(seen.text, wildcard), wildcards: [text] };
    }
    case 'cidr': {
      // AWS's own message names another operator here.
      const text = readString(value, 'prefix match pattern must be a string', fail);
      return rangeTest(fail.from(() => readCidr(text), value.end));
    }
    case 'numeric':
      return numericTest(value, fail);
    case 'anything-but':
      return anythingBut(value, fail);
    case 'exists':
      if (value.kind !== 'word' || value.text === 'null') {
        return fail('exists match pattern must be either true or false.', value.end);
      }
      return value.text === 'true'
        ? { accepts: () => true }
        : { accepts: () => false, absence: true };
    default:
      return fail(`Unrecognized match type ${name}`, operator.nameEnd);
  }
}

function readPrefix(json: PatternJson, fail: Fail): ValueTest {
  if (json.kind === 'object') {
    const caseless = new CaselessText(`"${readIgnoreCase(json, 'Prefix', fail)}`);
    return { accepts: (value) => caseless.startsIn(value.text) };
  }
  const text = `"${readString(json, 'prefix match pattern must be a string', fail)}`;
  return { accepts: (value) => value.text.startsWith(text), key: { by: 'prefix', text } };
}

function readSuffix(json: PatternJson, fail: Fail): ValueTest {
  if (json.kind === 'object') {
    const caseless = new CaselessText(`${readIgnoreCase(json, 'Suffix', fail)}"`);
    return { accepts: (value) => caseless.endsIn(value.text) };
  }
  const text = `${readString(json, 'suffix match pattern must be a string', fail)}"`;
  return { accepts: (value) => value.text.endsWith(text), key: { by: 'suffix', text } };
}

function readIgnoreCase(json: PatternJson, of: 'Prefix' | 'Suffix', fail: Fail): string {
  const { name, nameEnd, value } = onlyMember(json, `${of} expression name not found`, fail);
  if (name !== 'equals-ignore-case') {
    return fail(`Unsupported ${of.toLowerCase()} pattern: ${name}`, nameEnd);
  }
  return readString(value, 'equals-ignore-case match pattern must be a string', fail);
}
