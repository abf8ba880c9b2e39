import type { RuleExplanation } from '../../server/trace/explain-rules.ts';
import { addressOf } from '../model/address.ts';
import { Chip, Untrusted } from '../parts/values.tsx';

const reasons = {
  missing: 'the event has no such field',
  different: 'the event has',
  'other-element': 'only in another element of the list:',
} as const;

/** Why an event does not match: the fields that fail. */
export function Failures({ failures }: Pick<RuleExplanation, 'failures'>) {
  return (
    <>
      {failures.map(({ path, expected, actual, reason }) => (
        <p class="failure" key={path}>
          <code>
            <Untrusted text={path} />
          </code>{' '}
          must be{' '}
          <code>
            <Untrusted text={expected} max={120} />
          </code>
          , {reasons[reason]}{' '}
          <code>
            <Untrusted text={actual.join(', ')} max={120} />
          </code>
        </p>
      ))}
    </>
  );
}

/** Rules that come nearest, of those that do not match. */
const nearest = 3;

/** Which rules match, and of the others the field that does not: the nearest first. */
export function Rules({ results }: { readonly results: readonly RuleExplanation[] }) {
  const matching = results.filter(({ matches }) => matches);
  const others = results.filter(({ matches }) => !matches);
  return (
    <>
      {matching.length === 0 && <p class="quiet">No rule matches.</p>}
      <RuleList results={matching} />
      <h4>Nearest that do not match</h4>
      <RuleList results={others.slice(0, nearest)} />
      {others.length > nearest && (
        <details>
          <summary>{others.length - nearest} more that do not match</summary>
          <RuleList results={others.slice(nearest)} />
        </details>
      )}
    </>
  );
}

function RuleList({ results }: { readonly results: readonly RuleExplanation[] }) {
  return (
    <ul class="rules">
      {results.map(({ rule, description, matches, failures, unknown }) => (
        <li key={rule} class={matches ? 'match' : 'no-match'}>
          <Chip look={matches ? 'good' : ''}>{matches ? 'matches' : 'no match'}</Chip>{' '}
          <a href={addressOf.events({ rule })}>
            <Untrusted text={description ?? rule} max={90} />
          </a>
          {unknown !== undefined && <span class="quiet"> {unknown}</span>}
          <Failures failures={failures} />
        </li>
      ))}
    </ul>
  );
}
