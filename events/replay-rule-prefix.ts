/**
 * How the names of rules begin that `fanout replay` makes for the time of one replay, so that events
 * of the past reach one consumer only. Queues admit events that come by such a rule.
 */
export const replayRulePrefix = 'fanout-replay-';
