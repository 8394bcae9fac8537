import './isolation-badge.css';
import type { Environment, Isolation } from '#shared/api/environment.ts';
import { HoverCard } from '../design/hover-card.tsx';
import { Prose } from '../design/prose.tsx';
import { CheckIcon, ShieldIcon, ShieldOpenIcon, WarningIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';

const KINDS: (keyof Isolation)[] = ['network', 'files', 'processes', 'memory', 'cpu', 'disk', 'pids'];

/** How far an environment is kept apart, in one word. */
export function isolationGrade(isolation: Isolation): 'full' | 'partial' | 'none' {
  const enforced = KINDS.filter((kind) => isolation[kind] === 'enforced').length;
  if (enforced === KINDS.length) return 'full';
  return enforced === 0 ? 'none' : 'partial';
}

/** Says what is isolated and, above all, what is not; on hover and focus in full. */
export function IsolationBadge({ environment }: { environment: Environment }) {
  const grade = isolationGrade(environment.isolation);
  const label = text(`isolation.${grade}`);
  return (
    <HoverCard
      label={`${label}. ${text('details.show')}`}
      class={`isolation-badge ${grade}`}
      card={<Details environment={environment} />}
    >
      {grade === 'full' ? <ShieldIcon /> : <ShieldOpenIcon />}
      <span class="badge-word">{label}</span>
    </HoverCard>
  );
}

function Details({ environment }: { environment: Environment }) {
  const { provider, providerReason, runtime, database, worktree, isolation, services, egress } = environment;
  return (
    <div class="details">
      <dl class="details-facts">
        <dt>{text('details.task')}</dt>
        <dd>
          <bdi class="details-path">{environment.taskId}</bdi>
        </dd>
        <dt>{text('details.attempt')}</dt>
        <dd>
          <bdi class="details-path">{environment.id}</bdi>
        </dd>
        <dt>{text('details.provider')}</dt>
        <dd>
          {provider}
          <span class="quiet details-reason">
            <Prose>{providerReason}</Prose>
          </span>
        </dd>
        <dt>{text('details.runtime')}</dt>
        <dd>
          {runtime}
          {services.map(({ name, replica, status }) => (
            <span class="quiet details-reason" key={`${name} ${replica}`}>
              <bdi>{name}</bdi> {replica} · {text(`service.status.${status}`)}
            </span>
          ))}
        </dd>
        <dt>{text('details.database')}</dt>
        <dd>{database === 'none' ? text('details.database.none') : database}</dd>
        <dt>{text('details.egress')}</dt>
        <dd>
          {text(`egress.${egress.policy}`)}
          {egress.policy === 'allowlist' && egress.allowed.length > 0 && (
            <bdi class="quiet details-reason">{egress.allowed.join(', ')}</bdi>
          )}
        </dd>
        <dt>{text('details.worktree')}</dt>
        <dd>
          <bdi class="details-path">{worktree}</bdi>
        </dd>
      </dl>
      <h2 class="details-heading">{text('isolation.heading')}</h2>
      <ul class="isolation-list">
        {KINDS.map((kind) => {
          const enforced = isolation[kind] === 'enforced';
          return (
            <li key={kind} class={enforced ? 'enforced' : 'open'}>
              {enforced ? <CheckIcon /> : <WarningIcon />}
              <span>{text(`isolation.${kind}`)}</span>
              <span class="quiet">{text(`isolation.${kind}.${isolation[kind]}`)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
