/** How the names begin of the rule and the queue that `fanout tail` makes for as long as it runs. */
export const tailPrefix = 'fanout-tail-';
