/** What an event about a message must name at least. */
export const ofSomeMessage = {
  isIdentified: (data: { readonly messageId?: unknown; readonly chat?: unknown }): boolean =>
    data.messageId !== undefined || data.chat !== undefined,
  about: 'a message id or a chat',
};
