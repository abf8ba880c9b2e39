/** The views, by the names in their addresses. */
export const tabs = ['live', 'messages', 'state', 'try', 'workbench'] as const;
