/** The views, by the names in their addresses. */
export const tabs = ['live', 'letters', 'state', 'try', 'workbench'] as const;
