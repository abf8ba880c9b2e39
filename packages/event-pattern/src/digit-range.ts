/**
 * IP addresses as EventBridge compares them: as strings of hexadecimal digits, eight for IPv4 and
 * 32 for IPv6, tested digit by digit against a bottom and a top (event-ruler, CIDR and Range).
 */
export interface DigitRange {
  readonly bottom: string;
  readonly top: string;
}

const v4Shape = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const v6Shape = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;
/** Maximum length of an address; a longer text is not parsed. */
const maxAddressLength = 45;

/** The hexadecimal digits of an IP address; undefined when the text is not an address. */
export function addressDigits(text: string): string | undefined {
  if (text.length > maxAddressLength) {
    return undefined;
  }
  if (v4Shape.test(text)) {
    return v4Digits(text);
  }
  if (v6Shape.test(text)) {
    return v6Digits(text);
  }
  return undefined;
}

function v4Digits(text: string): string | undefined {
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes.map(hexByte).join('') : undefined;
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, '0').toUpperCase();

function v6Digits(text: string): string | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) {
    return undefined;
  }
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return undefined;
  }
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) {
    return undefined;
  }
  const digits = groups.map((group) => group.padStart(4, '0').toUpperCase()).join('');
  // An IPv4 address in IPv6 form is the IPv4 address.
  return digits.startsWith(`${'0'.repeat(20)}FFFF`) ? digits.slice(24) : digits;
}

const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));

/** The range that holds one address. */
export function singleAddress(digits: string): DigitRange {
  return { bottom: digits, top: digits };
}

/** Reads `10.0.0.0/24` or `2001:db8::/32`. Throws an Error with EventBridge's wording. */
export function readCidr(text: string): DigitRange {
  const parts = text.split('/');
  if (parts.length !== 2) {
    throw new Error("Malformed CIDR, one '/' required");
  }
  const [address = '', maskText = ''] = parts;
  if (!/^[+-]?[0-9]{1,9}$/.test(maskText)) {
    throw new Error('Malformed CIDR, mask bits must be an integer');
  }
  const mask = Number(maskText);
  if (mask < 0) {
    throw new Error('Malformed CIDR, mask bits must not be negative');
  }
  const bottom = addressDigits(address);
  if (bottom === undefined) {
    throw new Error(`Nonstandard IP address: ${address}`);
  }
  if (bottom.length === 8 && mask > 31) {
    throw new Error('IPv4 mask bits must be < 32');
  }
  if (mask > 127) {
    throw new Error('IPv6 mask bits must be < 128');
  }
  return { bottom: network(bottom, mask, '0'), top: network(bottom, mask, 'F') };
}

/** The lowest (`0`) or highest (`F`) address that shares the first `mask` bits. */
function network(digits: string, mask: number, filler: '0' | 'F'): string {
  return Array.from(digits, (digit, index) => {
    const kept = Math.min(4, Math.max(0, mask - index * 4));
    const free = 2 ** (4 - kept) - 1;
    const value = Number.parseInt(digit, 16);
    return (filler === 'F' ? value | free : value & ~free).toString(16).toUpperCase();
  }).join('');
}

/**
 * Whether digits are in the range. As in AWS, the first digit that differs from both bounds decides
 * and the digits after it are ignored. So `0.0.0.0/0` contains every number that starts with 1 to 9.
 */
export function inDigitRange(digits: string, { bottom, top }: DigitRange): boolean {
  let onBottom = true;
  let onTop = true;
  for (let index = 0; index < bottom.length; index += 1) {
    const digit = digits.charAt(index);
    if (!isUpperHex(digit)) {
      return false;
    }
    const low = bottom.charAt(index);
    const high = top.charAt(index);
    if ((onBottom && digit < low) || (onTop && digit > high)) {
      return false;
    }
    onBottom &&= digit === low;
    onTop &&= digit === high;
    if (!onBottom && !onTop) {
      return true;
    }
  }
  return true;
}

const isUpperHex = (digit: string) =>
  (digit >= '0' && digit <= '9') || (digit >= 'A' && digit <= 'F');
