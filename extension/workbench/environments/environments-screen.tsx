import './environments.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Environment } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import {
  ChartIcon,
  PauseIcon,
  PlayIcon,
  RestartIcon,
  SearchIcon,
  SpinnerIcon,
  StopIcon,
} from '../icons/icons.tsx';
import { ScreenHeader } from '../layout/screen-header.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { EnvironmentRow } from './environment-row.tsx';
import { canAct, type EnvironmentAction } from './environment-store.ts';
import { UsageStore } from './usage-store.ts';

const CLOCK_MS = 30_000;

/** Every environment of this companion, and what can be done with one or many. */
export function EnvironmentsScreen() {
  const workbench = useWorkbench();
  const session = useSession();
  const { environments } = session;
  const query = useSignal('');
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const failures = useSignal<readonly { id: string; message: string; remedy: string }[]>([]);
  const [now, setNow] = useState(Date.now());
  const usage = useMemo(() => new UsageStore(session.client.environments), [session]);

  async function act(id: string, action: EnvironmentAction): Promise<void> {
    failures.value = failures.peek().filter((failure) => failure.id !== id);
    try {
      await environments.act(id, action);
    } catch (thrown) {
      const { message, remedy } = toVitrineError(thrown);
      if (!session.signal.aborted) failures.value = [...failures.peek(), { id, message, remedy }];
    }
  }
  const pending = session.ends;

  useEffect(() => {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, session.signal]);
    const running = () =>
      environments.list.peek().flatMap(({ id, status }) => (status === 'running' ? [id] : []));
    usage.follow(running, signal);
    const clock = setInterval(() => setNow(Date.now()), CLOCK_MS);
    return () => {
      left.abort();
      clearInterval(clock);
    };
  }, [usage, environments, session]);

  const all = environments.list.value;
  const shown = all
    .filter((each) => matches(each, query.value))
    .toSorted((a, b) => b.lastUsedAt - a.lastUsedAt);
  const selected = shown.filter(({ id }) => chosen.value.has(id));

  function end(ids: readonly string[]): void {
    workbench.end(all.filter(({ id }) => ids.includes(id)));
    chosen.value = new Set();
  }
  const bulk = (action: EnvironmentAction) => {
    const fit = selected.filter((each) => canAct(each, action));
    return { disabled: fit.length === 0, onClick: () => void fit.map(({ id }) => act(id, action)) };
  };

  return (
    <section class="screen" aria-label={text('environments.heading')}>
      <ScreenHeader title={text('environments.heading')}>
        <Button icon={<ChartIcon />} onClick={() => workbench.view.showScreen('dashboard')}>
          {text('dashboard.heading')}
        </Button>
      </ScreenHeader>
      <div class="screen-toolbar">
        <span class="search-field">
          <SearchIcon />
          <input
            class="field"
            type="search"
            placeholder={text('environments.filter')}
            aria-label={text('environments.filter')}
            value={query.value}
            onInput={(event) => (query.value = event.currentTarget.value)}
          />
        </span>
        {shown.length > 0 && (
          <label class="check-all">
            <input
              type="checkbox"
              checked={selected.length === shown.length}
              indeterminate={selected.length > 0 && selected.length < shown.length}
              onChange={(event) =>
                (chosen.value = new Set(event.currentTarget.checked ? shown.map(({ id }) => id) : []))
              }
            />
            {text('environments.select-all')}
          </label>
        )}
        {selected.length > 0 && (
          <div class="bulk" role="toolbar" aria-label={text('environments.bulk', { count: selected.length })}>
            <Button icon={<PauseIcon />} {...bulk('suspend')}>
              {text('preview.suspend')}
            </Button>
            <Button icon={<PlayIcon />} {...bulk('resume')}>
              {text('preview.resume')}
            </Button>
            <Button icon={<RestartIcon />} {...bulk('restart')}>
              {text('preview.restart')}
            </Button>
            <Button kind="danger" icon={<StopIcon />} onClick={() => end(selected.map(({ id }) => id))}>
              {text('preview.stop')}
            </Button>
          </div>
        )}
      </div>
      <div class="screen-body">
        {failures.value.map((failure) => (
          <FailureNotice
            key={failure.id}
            title={environments.byId.value.get(failure.id)?.title ?? failure.id}
            failure={failure}
            onDismiss={() => (failures.value = failures.peek().filter((each) => each !== failure))}
          />
        ))}
        {!environments.loaded.value ? (
          <p class="screen-message quiet" role="status">
            <SpinnerIcon /> {text('environments.loading')}
          </p>
        ) : shown.length === 0 ? (
          <p class="screen-message quiet">
            {text(all.length === 0 ? 'environments.empty' : 'environments.no-match')}
          </p>
        ) : (
          <ul class="environment-list">
            {shown.map((environment) => (
              <EnvironmentRow
                key={environment.id}
                environment={environment}
                now={now}
                samples={usage.byId.value.get(environment.id)}
                busy={environments.busy.value.has(environment.id)}
                isEnding={pending.ids.value.has(environment.id)}
                isChosen={chosen.value.has(environment.id)}
                onChoose={(isChosen) => {
                  const next = new Set(chosen.peek());
                  if (isChosen) next.add(environment.id);
                  else next.delete(environment.id);
                  chosen.value = next;
                }}
                onAct={(action) => void act(environment.id, action)}
                onEnd={() => end([environment.id])}
                onUndo={() => pending.undo([environment.id])}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function matches(environment: Environment, query: string): boolean {
  const { title, branch, agentId, status, provider, runtime, id } = environment;
  const text = [title, branch, agentId, status, provider, runtime, id].join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
