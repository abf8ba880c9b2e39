import { postWebhook } from '../post-webhook.ts';
import { type Finding, findingsOn } from './finding.ts';

/** What is posted: no sender would, and it is not signed. */
const nothing = '{}';

/**
 * Knocks without a signature. Only the function behind the route answers that with 401, so that this
 * answer shows the whole way; nothing is published by it. Counted as one refused webhook.
 */
export async function checkFrontDoor(url: string): Promise<readonly Finding[]> {
  const area = 'front door';
  try {
    const { status, ms } = await postWebhook(url, nothing, undefined);
    return findingsOn(area, url, problemsOf(status), { status, ms: Math.round(ms) });
  } catch (error) {
    return findingsOn(area, url, [(error as Error).message], {});
  }
}

function problemsOf(status: number): readonly string[] {
  if (status === 401) return [];
  if (status >= 200 && status < 300) {
    return [
      `It takes what is not signed (${status}): anybody may put events on the bus. Is that the right URL?`,
    ];
  }
  if (status >= 300 && status < 400) {
    return [
      `It redirects (${status}). A sender follows with GET and takes that for success: give it the final URL.`,
    ];
  }
  if (status === 429) return ['It is throttled (429). Raise throttleRate if this is not a flood.'];
  if (status === 403 || status === 404) {
    return [`It has no such route for us (${status}). Compare with the output WebhookUrl.`];
  }
  return [`It answers ${status}. The log group of the ingest function says why.`];
}
