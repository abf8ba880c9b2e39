import { signal } from '@preact/signals';

/** The body that is being edited in “Try it”. */
export const draftBody = signal('');
