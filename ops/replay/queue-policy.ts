import { own } from '../../events/own.ts';

/**
 * Whether a queue's policy allows a rule to send to it. A statement with an unknown condition is ignored,
 * since events of a replay must not be lost.
 *
 * @param policy the queue attribute `Policy`, JSON; without one only a local run lets rules send
 */
export function admitsRule(policy: string | undefined, ruleArn: string): boolean {
  if (policy === undefined || policy === '') {
    return true;
  }
  let statements: unknown;
  try {
    statements = own(JSON.parse(policy), 'Statement');
  } catch {
    return false;
  }
  return listOf(statements).some(
    (statement) =>
      own(statement, 'Effect') === 'Allow' &&
      namesEventBridge(own(statement, 'Principal')) &&
      listOf(own(statement, 'Action')).some(isSending) &&
      conditionsHold(own(statement, 'Condition'), ruleArn),
  );
}

function namesEventBridge(principal: unknown): boolean {
  if (principal === '*' || own(principal, 'AWS') === '*') {
    return true;
  }
  return listOf(own(principal, 'Service')).includes('events.amazonaws.com');
}

const isSending = (action: unknown) =>
  typeof action === 'string' && /^(\*|sqs:(\*|send\*|sendmessage))$/i.test(action);

/** The condition operators that compare an ARN; ArnEquals takes wildcards too (IAM, "ARN condition operators"). */
const comparesWithWildcards: ReadonlyMap<string, boolean> = new Map([
  ['ArnEquals', true],
  ['ArnLike', true],
  ['StringLike', true],
  ['StringEquals', false],
]);

function conditionsHold(condition: unknown, ruleArn: string): boolean {
  if (condition === undefined) {
    return true;
  }
  return Object.entries(condition ?? {}).every(([operator, keys]) => {
    const wildcards = comparesWithWildcards.get(operator);
    if (wildcards === undefined) {
      return false;
    }
    return Object.entries(keys ?? {}).every(([key, values]) => {
      if (key.toLowerCase() === 'aws:sourceaccount') {
        return listOf(values).includes(ruleArn.split(':')[4]);
      }
      if (key.toLowerCase() !== 'aws:sourcearn') {
        return false;
      }
      return listOf(values).some((value) =>
        wildcards ? isLike(String(value), ruleArn) : value === ruleArn,
      );
    });
  });
}

/** `*` stands for any characters, `?` for one. Without a regular expression, which could be made to hang. */
function isLike(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[from];
    if (wanted === '*') {
      star = from++;
      resume = at;
    } else if (wanted === '?' || wanted === text[at]) {
      from += 1;
      at += 1;
    } else if (star >= 0) {
      from = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[from] === '*') {
    from += 1;
  }
  return from === pattern.length;
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
