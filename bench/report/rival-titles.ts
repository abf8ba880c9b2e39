/** What is compared, by the names of functions and of cold starts. */
export const rivalTitles = {
  empty: 'an empty handler',
  floor: '(a) the floor',
  ours: '**ingest**, default stack',
  'ours, compiled before': 'the same, with a compile cache that is there already',
  ingest: '**ingest**',
  'usual stack': '(b) middy, ajv, AWS SDK',
  'usual-stack': '(b) middy, ajv, AWS SDK',
  powertools: '(c) Powertools, zod, AWS SDK',
  'quick start': "(d) AWS's quick start",
  'quick-start': "(d) AWS's quick start",
  note: 'a consumer that does nothing',
  'note-once': 'the same, idempotent',
} as const;
