import type { Pipeline } from '../aws/pipeline.ts';
import { rulesOfPipeline } from '../rules/rules-of-pipeline.ts';
import { type Check, check } from './judgement.ts';

/** The buses, and each rule on them by which nothing can come. */
export function checkRules(pipeline: Pipeline): readonly Check[] {
  const rules = rulesOfPipeline(pipeline);
  const silent = rules.flatMap(({ name, listeners, isEnabled }): Check[] => {
    const problems = [
      ...(isEnabled
        ? []
        : ['It is disabled, so that nothing comes by it: aws events enable-rule.']),
      ...(listeners.length > 0 ? [] : ['It has no target, so that what it matches is lost.']),
    ];
    if (problems.length === 0) return [];
    return [check('rule', name, problems, { listeners: listeners.join(', '), enabled: isEnabled })];
  });
  const hasCatchAll = rules.some(({ isCatchAll }) => isCatchAll);
  const buses = pipeline.buses.map(({ name }) =>
    check(
      'bus',
      name,
      hasCatchAll
        ? []
        : ['It has no rule for what no consumer hears: such events are lost. Deploy again.'],
      { rules: rules.length },
    ),
  );
  if (buses.length > 0) return [...buses, ...silent];
  return [check('bus', '-', [`The stack ${pipeline.stackName} has no bus.`], {}), ...silent];
}
