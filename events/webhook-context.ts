/** What the request says besides its body. */
export interface WebhookContext {
  /** When the request came in. */
  readonly receivedAt: Date;
  /** Id of the request. */
  readonly requestId: string;
  /** W3C trace context of the request. Default: none. */
  readonly traceparent?: string;
}

/** The text that a body was parsed from, and its place in it. */
export interface Origin {
  readonly text: string;
  /** What becomes `raw` of the envelope. */
  readonly raw: unknown;
  /** Place in the list where the text held one, of equal bodies the first; else 0. */
  readonly index: number;
}
