import { targetOf } from '../layout/shown-target.ts';
import './attempts.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button, IconButton } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Segments } from '../design/segments.tsx';
import {
  CloseIcon,
  ExpandIcon,
  LayersIcon,
  PlusIcon,
  ReloadIcon,
  SearchIcon,
  SettingsIcon,
  SpinnerIcon,
} from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { AddSource } from './add-source.tsx';
import { AttemptGroupView } from './attempt-group.tsx';
import { AttemptsEmpty } from './attempts-empty.tsx';
import { groupAttempts } from './group-attempts.ts';

/** How often the list is looked at again while it is on screen. */
const REFRESH_MS = 15_000;

/** Every attempt of every source, with the state of its preview: the whole of a narrow home, the side of a wide one. */
export function AttemptsPanel() {
  const { attempts, environments } = useSession();
  const { view } = useWorkbench();
  const query = useSignal('');
  const openOnly = useSignal(false);
  const adding = useSignal(false);

  useEffect(() => {
    void attempts.refresh();
    const refresh = () => {
      if (document.visibilityState === 'visible') void attempts.refresh();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [attempts]);

  const list = attempts.list.value;
  const filter = { query: query.value, openOnly: openOnly.value };
  const groups = groupAttempts(list ?? { attempts: [], sources: [] }, environments.list.value, filter);
  const total = groups.reduce((sum, group) => sum + group.total, 0);
  const shown = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const filtering = query.value !== '' || openOnly.value;
  const failure = attempts.failure.value;
  const shownKind = view.current.value.kind;
  return (
    <section class="attempts" aria-label={text('attempts.heading')}>
      <header class="attempts-header">
        <h1>{text('attempts.heading')}</h1>
        <IconButton
          label={text('attempts.refresh')}
          icon={<ReloadIcon />}
          busy={attempts.refreshing.value && list === undefined}
          onClick={() => void attempts.refresh()}
        />
        <IconButton
          label={text('attempts.add')}
          icon={<PlusIcon />}
          expanded={adding.value}
          onClick={() => (adding.value = !adding.value)}
        />
        <IconButton
          label={text('attempts.environments')}
          icon={<LayersIcon />}
          current={shownKind === 'environments' || shownKind === 'dashboard'}
          onClick={() => view.showScreen('environments')}
        />
        <IconButton
          label={text('settings.heading')}
          icon={<SettingsIcon />}
          current={shownKind === 'settings'}
          onClick={() => view.showScreen('settings')}
        />
        <HomeActions />
      </header>
      {adding.value && (
        <AddSource onDone={() => (adding.value = false)} onCancel={() => (adding.value = false)} />
      )}
      {total > 0 && (
        <div class="attempts-filter">
          <span class="search-field">
            <SearchIcon />
            <input
              class="field"
              type="search"
              placeholder={text('attempts.filter.short')}
              title={text('attempts.filter')}
              aria-label={text('attempts.filter')}
              value={query.value}
              onInput={(event) => (query.value = event.currentTarget.value)}
            />
          </span>
          <Segments
            label={text('attempts.scope')}
            value={openOnly.value ? 'open' : 'all'}
            options={[
              { value: 'all', label: text('attempts.scope.all') },
              { value: 'open', label: text('attempts.scope.open') },
            ]}
            onChange={(value) => (openOnly.value = value === 'open')}
          />
        </div>
      )}
      <div class="attempts-scroll">
        {failure && (
          <div class="attempts-notice">
            <FailureNotice
              failure={failure}
              actions={<Button onClick={() => void attempts.refresh()}>{text('action.retry')}</Button>}
            />
          </div>
        )}
        {!list && !failure && (
          <p class="attempts-message quiet" role="status">
            <SpinnerIcon /> {text('attempts.loading')}
          </p>
        )}
        {list && groups.length === 0 && <AttemptsEmpty onAdded={() => (adding.value = false)} />}
        {groups.map((group) => (
          <AttemptGroupView key={group.key} group={group} filtering={filtering} />
        ))}
        {filtering && total > 0 && shown === 0 && (
          <div class="attempts-message quiet">
            <p>
              {query.value ? text('attempts.no-match', { query: query.value }) : text('attempts.no-open')}
            </p>
            <Button
              onClick={() => {
                query.value = '';
                openOnly.value = false;
              }}
            >
              {text('attempts.filter.clear')}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

function HomeActions() {
  const workbench = useWorkbench();
  const { openInTab, close } = workbench.home;
  return (
    <>
      {openInTab && (
        <IconButton
          label={text('preview.open-workbench')}
          icon={<ExpandIcon />}
          onClick={() => openInTab(targetOf(workbench.view.current.peek()))}
        />
      )}
      {close && <IconButton label={text('action.close')} icon={<CloseIcon />} onClick={() => close()} />}
    </>
  );
}
