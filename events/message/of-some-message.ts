interface Named {
  readonly messageId?: unknown;
  readonly chat?: unknown;
}

/** What an event about a message must name at least. An id that is a published placeholder names one too. */
export const ofSomeMessage = {
  isIdentified: (data: Named, payload: { readonly id?: unknown }): boolean =>
    data.messageId !== undefined || data.chat !== undefined || Boolean(payload.id),
  about: 'a message id or a chat',
};
