import type { Route } from '../console-context.ts';
import type { Overview } from '../pipeline/overview.ts';

/** What the page is built around. */
export interface OverviewAnswer extends Overview {
  readonly mode: 'local' | 'aws';
  readonly caveat: string | undefined;
}

/** `GET overview`: the pipeline's stations. */
export const showOverview: Route = async ({ view, source }): Promise<OverviewAnswer> => {
  const { mode, caveat } = source;
  return { mode, caveat, ...(await view.overview()) };
};
