import './isolation-badge.css';
import type { Environment, Isolation, Limits } from '#shared/api/environment.ts';
import { HoverCard } from '../design/hover-card.tsx';
import { Prose } from '../design/prose.tsx';
import { CheckIcon, ShieldIcon, ShieldOpenIcon, WarningIcon } from '../icons/icons.tsx';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';

const KINDS: (keyof Isolation)[] = ['network', 'files', 'processes', 'memory', 'cpu', 'disk', 'pids'];

/** How far an environment is kept apart, in one word. */
export function isolationGrade(isolation: Isolation): 'full' | 'partial' | 'none' {
  const enforced = KINDS.filter((kind) => isolation[kind] === 'enforced').length;
  if (enforced === KINDS.length) return 'full';
  return enforced === 0 ? 'none' : 'partial';
}

/** Before there is a sandbox nothing is known of it. */
function isKnown({ status, steps }: Environment): boolean {
  if (status === 'running' || status === 'suspended') return true;
  return steps.some(({ name, status: state }) => name === 'sandbox' && state === 'done');
}

/** Says what is isolated and, above all, what is not; on hover and focus in full. */
export function IsolationBadge({ environment }: { environment: Environment }) {
  const grade = isKnown(environment) ? isolationGrade(environment.isolation) : 'unknown';
  const label = text(`isolation.${grade}`);
  return (
    <HoverCard
      label={`${label}. ${text('details.show')}`}
      class={`isolation-badge ${grade}`}
      card={<Details environment={environment} />}
    >
      {grade === 'full' || grade === 'unknown' ? <ShieldIcon /> : <ShieldOpenIcon />}
      <span class="badge-word">{label}</span>
    </HoverCard>
  );
}

/** How much of a kind it may use, before the word on how far that is held to. */
function limitOf(kind: keyof Isolation, { memoryMb, cpuShares, diskMb, pids }: Limits): string {
  if (kind === 'memory') return text('limit.megabytes', { amount: memoryMb });
  if (kind === 'disk') return text('limit.megabytes', { amount: diskMb });
  if (kind === 'cpu') return text('limit.shares', { amount: cpuShares });
  return kind === 'pids' ? text('limit.number', { amount: pids }) : '';
}

function Details({ environment }: { environment: Environment }) {
  const { provider, providerReason, runtime, database, worktree, isolation, limits, services, egress } =
    environment;
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
            <Prose>{said(providerReason)}</Prose>
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
      {!isKnown(environment) && <p class="quiet">{text('isolation.unknown.detail')}</p>}
      <ul class="isolation-list">
        {(isKnown(environment) ? KINDS : []).map((kind) => {
          const enforced = isolation[kind] === 'enforced';
          return (
            <li key={kind} class={enforced ? 'enforced' : 'open'}>
              {enforced ? <CheckIcon /> : <WarningIcon />}
              <span>{text(`isolation.${kind}`)}</span>
              <span class="quiet">
                {isolation[kind] !== 'none' && limitOf(kind, limits)}
                {text(`isolation.${kind}.${isolation[kind]}`)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
