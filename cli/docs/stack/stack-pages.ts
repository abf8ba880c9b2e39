import { templateOf } from '../../../lib/template-of.ts';
import { deployingPage } from './deploying-page.ts';
import { permissionsPage } from './permissions-page.ts';
import { removalPage } from './removal-page.ts';
import type { DocumentedTemplate } from './template.ts';

/** The pages that are made from the synthesized template, by path. */
export function stackPages(): readonly (readonly [path: string, text: string])[] {
  const passing = templateOf() as DocumentedTemplate;
  const lasting = templateOf({ stage: 'prod', encryption: 'customer' }) as DocumentedTemplate;
  const guarded = templateOf({
    frontDoor: 'rest-api',
    dashboard: 'on',
    alarmSlackWorkspace: 'T012ABCDE',
    alarmSlackChannel: 'C0123ABCD',
  }) as DocumentedTemplate;
  return [
    ['docs/permissions.md', permissionsPage(passing)],
    ['docs/removal.md', removalPage(passing, lasting)],
    ['docs/deploying.md', deployingPage([passing, lasting, guarded])],
  ];
}
