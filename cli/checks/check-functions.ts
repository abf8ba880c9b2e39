import { type Check, check } from './judgement.ts';
import type { FunctionLook } from './look-at-functions.ts';

/** The functions, consumers' and others. */
export function checkFunctions(functions: readonly FunctionLook[]): readonly Check[] {
  return functions.map(({ name, state, lastUpdate, feeds }) => {
    const stopped = feeds.filter((feed) => /^Disabl/.test(feed.state));
    const problems = [
      ...(state === 'Failed' ? ['It cannot run: aws lambda get-function says why.'] : []),
      ...(lastUpdate === 'Failed' ? ['Its last update failed: deploy again.'] : []),
      ...(stopped.length > 0
        ? ['It gets nothing from its queue: enable its event source mapping.']
        : []),
    ];
    return check('function', name, problems, { state, lastUpdate, stopped: stopped.length });
  });
}
