import { compilePattern, matches, readEvent } from '@event-fanout/event-pattern';
import { ownText } from '../../../events/own.ts';
import { lastPartOf } from '../../../ops/aws/arn.ts';
import type { AwsAccess } from '../../../ops/aws/connect.ts';
import type { Pipeline } from '../../../ops/aws/pipeline.ts';
import { chooseBus, listen } from '../../../ops/tail/listen.ts';
import {
  defaultLeaseMs,
  newTailName,
  removeLeftovers,
  tailPrefix,
} from '../../../ops/tail/tail-queue.ts';
import type { FlowCounter } from '../journal/flow-figures.ts';
import type { Journal } from '../journal/journal.ts';

/** A subscription to the events of a bus. */
export interface BusFeed {
  hasEnded(): boolean;
  /** Ends the subscription. Resolves when its rule and its queue are deleted. */
  stop(): Promise<void>;
}

/**
 * Subscribes to the stack's bus as `fanout tail` does, by a rule and a queue that exist as long as the
 * subscription, and records the events and the rules that match them.
 */
export function listenToBus(
  access: AwsAccess,
  pipeline: Pipeline,
  journal: Journal,
  flow: FlowCounter,
): BusFeed {
  const stopping = new AbortController();
  const bus = chooseBus(pipeline);
  const rules = compileRules(pipeline, bus.name);
  let hasEnded = false;
  journal.trouble = undefined;

  const take = (text: string) => {
    const event = parse(text);
    const [eventId, type] = [ownText(event, 'id'), ownText(event, 'detail-type')];
    if (eventId === undefined || type === undefined || journal.byEventId(eventId)) {
      return;
    }
    const matching = rules.filter(({ pattern }) => matches(pattern, text));
    const at = Date.now();
    const source = ownText(event, 'source') ?? '';
    const names = matching.map(({ name }) => name);
    const record = journal.publish({
      eventId,
      bus: bus.name,
      source,
      type,
      rules: names,
      at,
      text,
    });
    flow.countPublished();
    flow.count('sessions', record.head.session ?? '');
    flow.count('senders', record.head.sender ?? '');
    for (const { name, targets } of matching) {
      flow.count('rules', name);
      for (const target of targets) {
        flow.count('delivered', target);
        journal.add(eventId, { kind: 'routed', at, target, rule: name });
      }
    }
  };
  const done = (async () => {
    await removeLeftovers(access, pipeline).catch(() => {});
    await listen(access, bus, {
      name: newTailName(),
      pattern: JSON.stringify({ source: [{ 'anything-but': { prefix: 'aws.' } }] }),
      leaseMs: defaultLeaseMs,
      signal: stopping.signal,
      onEvent(text) {
        take(text);
        return true;
      },
    });
  })()
    .catch((error: unknown) => {
      journal.trouble = (error as Error).message;
    })
    .finally(() => {
      hasEnded = true;
    });
  return {
    hasEnded: () => hasEnded,
    stop() {
      stopping.abort();
      return done;
    },
  };
}

function compileRules({ rules }: Pipeline, busName: string) {
  return rules
    .filter(
      (rule) => rule.busName === busName && rule.isEnabled && !rule.name.startsWith(tailPrefix),
    )
    .flatMap(({ name, pattern, targets }) => {
      if (pattern === undefined) {
        return [];
      }
      const names = targets.map(({ Arn = '' }) => lastPartOf(Arn));
      return [{ name, pattern: compilePattern(pattern), targets: names }];
    });
}

function parse(text: string): unknown {
  try {
    return readEvent(text, false);
  } catch {
    return undefined;
  }
}
