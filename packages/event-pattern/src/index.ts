export { type CompiledPattern, compilePattern, type Leaf } from './compile-pattern.ts';
export { explainMatch, type LeafFailure, type MatchExplanation } from './explain-match.ts';
export { NumberText } from './field-value.ts';
export { InvalidEventPattern } from './invalid-event-pattern.ts';
export { type JsonPath, printJson, readJsonPath, valueAt } from './json-path.ts';
export { matches } from './match-pattern.ts';
export { maxEventDepth, nestsDeeper, readEvent } from './read-event.ts';
export { RuleIndex } from './rule-index.ts';
export {
  type InputSource,
  InvalidTargetInput,
  inputFor,
  isJsonTemplate,
  type TargetInput,
} from './target-input.ts';
