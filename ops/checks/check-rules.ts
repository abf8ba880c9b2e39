import type { Pipeline } from '../aws/pipeline.ts';
import { rulesOfPipeline } from '../rules/rules-of-pipeline.ts';
import { type Finding, findingsOn } from './finding.ts';

/** The buses, and each rule on them by which nothing can come. */
export function checkRules(pipeline: Pipeline): readonly Finding[] {
  const rules = rulesOfPipeline(pipeline);
  const silent = rules.flatMap(({ name, listeners, isEnabled }): readonly Finding[] => {
    const problems = [
      ...(isEnabled
        ? []
        : ['It is disabled, so that nothing comes by it: aws events enable-rule.']),
      ...(listeners.length > 0 ? [] : ['It has no target, so that what it matches is lost.']),
    ];
    if (problems.length === 0) return [];
    return findingsOn('rule', name, problems, {
      listeners: listeners.join(', '),
      enabled: isEnabled,
    });
  });
  const hasCatchAll = rules.some(({ isCatchAll }) => isCatchAll);
  const buses = pipeline.buses.flatMap(({ name }) =>
    findingsOn(
      'bus',
      name,
      hasCatchAll
        ? []
        : ['It has no rule for what no consumer hears: such events are lost. Deploy again.'],
      { rules: rules.length },
    ),
  );
  if (buses.length > 0) return [...buses, ...silent];
  return [
    ...findingsOn('bus', '-', [`The stack ${pipeline.stackName} has no bus.`], {}),
    ...silent,
  ];
}
