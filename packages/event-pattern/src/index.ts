export { type CompiledPattern, compilePattern, type Leaf } from './compile-pattern.ts';
export { exceedsDepth, maxEventDepth, NumberText, readEvent } from './field-value.ts';
export { explainMatch, type LeafFailure, type MatchExplanation, matches } from './match-pattern.ts';
export { InvalidEventPattern } from './pattern-json.ts';
export { RuleIndex } from './rule-index.ts';
export {
  buildTargetInput,
  type InputSource,
  InvalidTargetInput,
  isJsonTemplate,
  type JsonPath,
  printJson,
  readJsonPath,
  type TargetInput,
  valueAt,
} from './target-input.ts';
