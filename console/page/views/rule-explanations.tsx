import type { RuleExplanation } from '../../server/trace/explain-rules.ts';
import { Untrusted } from '../parts/values.tsx';

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
              <Untrusted text={description ?? rule} max={90} />
            </>
          )}
          {unknown !== undefined && <span class="quiet"> {unknown}</span>}
          {failures.map(({ path, demanded, saw, reason }) => (
            <p class="failure" key={path}>
              <code>
                <Untrusted text={path} />
              </code>{' '}
              must be{' '}
              <code>
                <Untrusted text={demanded} max={120} />
              </code>
              , {reasons[reason]}{' '}
              <code>
                <Untrusted text={saw.join(', ')} max={120} />
              </code>
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
