import type { RuleExplanation } from '../../server/trace/explain-rules.ts';
import { Foreign } from '../parts/values.tsx';

const reasons = {
  missing: 'the event has no such field',
  different: 'the event has',
  'other-element': 'only in another element of the list:',
} as const;

interface RuleExplanationsProps {
  readonly results: readonly RuleExplanation[];
  /** Only what fails. */
  readonly isBare?: boolean;
}

/** Which rules match, and of the others the field that does not. */
export function RuleExplanations({ results, isBare = false }: RuleExplanationsProps) {
  return (
    <ul class="rules">
      {results.map(({ rule, description, matches, failures, unknown }) => (
        <li key={rule} class={matches ? 'match' : 'no-match'}>
          {!isBare && (
            <>
              <span class={matches ? 'chip good' : 'chip'}>{matches ? 'matches' : 'no match'}</span>{' '}
              <Foreign text={description ?? rule} most={90} />
            </>
          )}
          {unknown !== undefined && <span class="quiet"> {unknown}</span>}
          {failures.map(({ path, demanded, saw, reason }) => (
            <p class="failure" key={path}>
              <code>
                <Foreign text={path} />
              </code>{' '}
              must be{' '}
              <code>
                <Foreign text={demanded} most={120} />
              </code>
              , {reasons[reason]}{' '}
              <code>
                <Foreign text={saw.join(', ')} most={120} />
              </code>
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
